import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { createBirpc } from "birpc";
import { errorMessage } from "../../error-message.ts";
import { openDataFolder } from "./data-folder.ts";
import type { EngineCalls } from "./engine-worker.ts";
import { createBatchPost } from "./message-batch.ts";

/** A call that takes longer than this, in milliseconds, has failed. */
const TIMEOUT_MS = 5000;

/** Makes an error that the SDK knows by its name. */
export const createSdkError = (name: string, message: string, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { name });

/** Waits for "ready". `node --watch` posts messages of its own from the thread: those are objects. */
const waitUntilReady = async (thread: Worker) => {
  for await (const [message] of on(thread, "message")) if (message === "ready") return;
};

const connectTo = (thread: Worker) =>
  createBirpc<EngineCalls>(
    {},
    {
      post: createBatchPost((batch) => thread.postMessage(batch)),
      on: (receive) =>
        thread.on("message", (batch) => {
          if (!Array.isArray(batch)) return;
          for (const message of batch) receive(message);
        }),
      timeout: TIMEOUT_MS,
      onTimeoutError: () => {
        throw createSdkError("TimeoutError", `The engine did not respond within ${TIMEOUT_MS} ms`);
      },
    },
  );

const createFailure = (cause: unknown) =>
  createSdkError("InternalServerError", `The database engine failed: ${errorMessage(cause)}`, cause);

/** Resolves when the thread has exited, with an error whose cause is what the thread threw. */
const waitForEnd = (thread: Worker) =>
  new Promise<Error>((resolve) => {
    let cause: unknown = "its thread exited";
    thread.once("error", (error) => {
      cause = error;
    });
    thread.once("exit", () => resolve(createFailure(cause)));
  });

/** @throws what the thread throws while it starts */
const startThread = async (dataDir: string | undefined) => {
  const thread = new Worker(new URL("engine-worker.ts", import.meta.url), { workerData: { dataDir } });
  const ended = waitForEnd(thread);
  await waitUntilReady(thread);
  return { thread, ended };
};

/**
 * Starts the engine in a thread of its own, because the engine needs as much CPU as its callers.
 * @param dataDir - the folder that keeps the tables, or undefined to keep them in memory
 * @throws Error when the folder can't be used
 */
export const startEngineThread = async (dataDir: string | undefined) => {
  const start = () => startThread(dataDir);
  const { thread, ended } = await (dataDir === undefined ? start() : openDataFolder(dataDir, start));
  const engine = connectTo(thread);
  ended.then((reason) => engine.$close(reason));
  return {
    respond: engine.respond,
    /** Resolves with the reason when the engine has ended. Every call that was under way is rejected then. */
    ended,
    close: async () => {
      if (!engine.$closed) engine.close.asEvent();
      await ended;
    },
  };
};

export type EngineThread = Awaited<ReturnType<typeof startEngineThread>>;
