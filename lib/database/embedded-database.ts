import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createBirpc } from "birpc";
import { Level } from "level";
import { errorMessage } from "../error-message.ts";
import type { EngineCalls } from "./embedded-database-thread.ts";

type Handle = DynamoDBClient["config"]["requestHandler"]["handle"];
type HandleOptions = { readonly abortSignal?: { readonly aborted: boolean } };

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && (("code" in error && error.code === code) || hasCode(error.cause, code));

/** LevelDB's error says only that it failed: the reason is in its cause. */
const causeOf = (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error);

/** Opens the folder before the engine does: the engine would crash later, in the middle of a request. */
const checkFolder = async (dataDir: string) => {
  const level = new Level(dataDir);
  try {
    await level.open();
  } catch (error) {
    const reason = hasCode(error, "LEVEL_LOCKED")
      ? "another process is using it"
      : errorMessage(causeOf(error));
    throw new Error(`Can't keep data in ${dataDir}: ${reason}. Choose another with DATA_DIR`, {
      cause: error,
    });
  }
  await level.close();
};

/** A call that takes longer than this, in milliseconds, has failed. */
const TIMEOUT_MS = 5000;

/** An error that the SDK knows by its name. */
const createSdkError = ({ name, message }: { readonly name: string; readonly message: string }) =>
  Object.assign(new Error(message), { name });

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const connectTo = (thread: Worker) =>
  createBirpc<EngineCalls>(
    {},
    {
      post: (message) => thread.postMessage(message),
      on: (receive) => thread.on("message", receive),
      timeout: TIMEOUT_MS,
      onTimeoutError: () => {
        throw createSdkError({
          name: "TimeoutError",
          message: `The engine did not answer within ${TIMEOUT_MS} ms`,
        });
      },
    },
  );

interface Options {
  /** The folder that keeps the tables. Left out, the engine keeps them in memory. */
  readonly dataDir?: string;
  /** 0, for a free port, when left out. */
  readonly port?: number;
  /** The address to listen on. Left out, only this machine reaches the engine. */
  readonly host?: string;
}

/**
 * Starts a DynamoDB engine in this process. The engine has a thread of its own: it has as much to do as its callers.
 * @returns the engine's endpoint, a request handler that lets the SDK reach the engine from this process without the
 *   cost of HTTP, and a function that ends the engine
 * @throws Error when the folder or the port can't be used, or another process uses it
 */
export const startEmbeddedDatabase = async ({ dataDir, port = 0, host = "127.0.0.1" }: Options = {}) => {
  if (dataDir !== undefined) await checkFolder(dataDir);
  const thread = new Worker(new URL("embedded-database-thread.ts", import.meta.url), {
    workerData: { dataDir, port, host },
  });
  const [listeningPort] = await once(thread, "message");
  const engine = connectTo(thread);
  // The body is posted as text: posting a Buffer would clone the whole pool behind it.
  const handle: Handle = async ({ path, headers, body }, { abortSignal }: HandleOptions = {}) => {
    if (abortSignal?.aborted) throw createSdkError({ name: "AbortError", message: "The request was over" });
    const response = await engine.post({ path, headers, body: decoder.decode(body) });
    return { response: { ...response, body: encoder.encode(response.body) } };
  };
  return {
    endpoint: `http://${host}:${listeningPort}`,
    requestHandler: { handle },
    close: async () => {
      engine.close.asEvent();
      await once(thread, "exit");
    },
  };
};

export type EmbeddedDatabase = Awaited<ReturnType<typeof startEmbeddedDatabase>>;
