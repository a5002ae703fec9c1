import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Level } from "level";

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && (("code" in error && error.code === code) || hasCode(error.cause, code));

/** Opens the folder as the engine would: that one crashes later, in the middle of a request. */
const checkFolder = async (dataDir: string) => {
  const level = new Level(dataDir);
  try {
    await level.open();
  } catch (error) {
    const reason = hasCode(error, "LEVEL_LOCKED")
      ? "another process is using it"
      : error instanceof Error && error.cause instanceof Error && error.cause.message;
    throw new Error(`Can't keep data in ${dataDir}: ${reason}. Choose another with DATA_DIR`, {
      cause: error,
    });
  }
  await level.close();
};

/**
 * Starts a DynamoDB engine in this process, in a thread of its own: it has as much to do as those who call it.
 * @param dataDir - where its tables outlive it; in memory when left out
 * @param port - a free one when left out
 * @param host - only this machine reaches the engine when left out
 * @throws Error when the folder or the port can't be used, or another process uses it
 */
export const startEmbeddedDatabase = async (dataDir?: string, port = 0, host = "127.0.0.1") => {
  if (dataDir !== undefined) await checkFolder(dataDir);
  const thread = new Worker(new URL("embedded-database-thread.ts", import.meta.url), {
    workerData: { dataDir, port, host },
  });
  const [listeningPort] = await once(thread, "message");
  return {
    endpoint: `http://${host}:${listeningPort}`,
    close: async () => {
      thread.postMessage("close");
      await once(thread, "exit");
    },
  };
};
