import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isFolderInUse } from "./data-folder.ts";
import { openEmbeddedDatabase } from "./embedded-engine.ts";
import { findEngineSocket } from "./engine-socket.ts";

/** The timeout of one attempt at a call, in milliseconds. */
const TIMEOUT_MS = 5000;

/** A process opens the folder some time before its engine listens. */
const ATTEMPTS = 10;
const PAUSE_MS = 100;

const connectTo = (socketPath: string) => {
  // Not in place: Node's types do not know that an agent passes this option on to each of its requests.
  const agentOptions = { keepAlive: true, socketPath };
  const requestHandler = {
    httpAgent: new Agent(agentOptions),
    connectionTimeout: TIMEOUT_MS,
    requestTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
  return { requestHandler, isShared: true, close: async () => {} };
};

/** @returns undefined when another process has the folder open, and its engine does not listen */
const connectOrOpen = async (dataDir: string) => {
  const address = await findEngineSocket(dataDir);
  if (address !== undefined) return connectTo(address);
  try {
    const { requestHandler, close } = await openEmbeddedDatabase({ dataDir });
    return { requestHandler, isShared: false, close };
  } catch (error) {
    if (isFolderInUse(error)) return undefined;
    throw error;
  }
};

/**
 * Uses the engine of the process that has the folder open, such as npm start, or opens the folder.
 * @returns a request handler for the SDK, whether it leads to another process, and a function that ends the engine
 *   unless another process has it
 * @throws Error when the folder can't be used
 */
export const openSharedDatabase = async (dataDir: string) => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const engine = await connectOrOpen(dataDir);
    if (engine) return engine;
    await wait(PAUSE_MS);
  }
  throw new Error(
    `${dataDir} can't be used: another process has it open, and does not respond. End that process, or choose ` +
      "another folder with DATA_DIR",
  );
};
