import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { collectStream } from "./collect-stream.ts";
import { closeSocketsAfterPause } from "./idle-sockets.ts";
import { createRetryStrategy } from "./retry-strategy.ts";

/** Waiting for a free socket counts as connecting, and the local server has many requests at a time. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };

interface Options
  extends Pick<DynamoDBClientConfig, "endpoint" | "region" | "credentials" | "requestHandler" | "signer"> {
  /** How long one of the three attempts at a call may take. */
  readonly attemptTimeoutMs?: number;
}

/**
 * A client whose every call ends. The SDK's defaults would wait without end for a server that accepts a
 * connection and says nothing. What is left out of endpoint, region and credentials comes from the environment.
 * @param options - a `requestHandler` has to see to the time of its calls by itself
 */
export const createDynamoDbClient = ({ attemptTimeoutMs = 1000, ...connection }: Options = {}) => {
  const httpAgent = new HttpAgent(AGENT_OPTIONS);
  const httpsAgent = new HttpsAgent(AGENT_OPTIONS);
  const client = new DynamoDBClient({
    retryStrategy: createRetryStrategy(),
    streamCollector: collectStream,
    requestHandler: {
      connectionTimeout: attemptTimeoutMs / 2,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
      httpAgent,
      httpsAgent,
    },
    ...connection,
  });
  // It copies the input and the output of each call for a logger, and there is none.
  client.middlewareStack.remove("loggerMiddleware");
  closeSocketsAfterPause(client, [httpAgent, httpsAgent]);
  return client;
};
