import type { Agent } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * This is longer than the pauses of a busy function, and shorter than the time after which networks drop an idle
 * connection.
 */
const MAX_PAUSE_MS = 60_000;

const closeIdleSockets = (agent: Agent) => {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
};

/**
 * Closes the idle sockets of the client's agents before the first call after a pause. While a function is frozen, the
 * other end may drop a connection unnoticed: a call over that connection would wait until its timeout.
 */
export const closeSocketsAfterPause = (client: DynamoDBClient, agents: readonly Agent[]) => {
  let lastCallAt = Date.now();
  client.middlewareStack.add(
    (next) => (args) => {
      const pauseMs = Date.now() - lastCallAt;
      lastCallAt += pauseMs;
      if (pauseMs > MAX_PAUSE_MS) agents.forEach(closeIdleSockets);
      return next(args);
    },
    { step: "initialize", name: "closeSocketsAfterPause" },
  );
};
