import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Level } from "level";
import { hasErrorCode } from "../../error-code.ts";
import { errorMessage } from "../../error-message.ts";

/** LevelDB's error says only that it failed: the reason is in its cause. */
const causeOf = (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error);

/** Makes a folder and its parents. Node's own recursive mkdir never returns where the system refuses, as in /proc. */
const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if (hasErrorCode(error, "EEXIST")) return;
    if (!hasErrorCode(error, "ENOENT")) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
};

const openAndClose = async (dataDir: string) => {
  await makeFolder(resolve(dataDir));
  const level = new Level(dataDir);
  await level.open();
  await level.close();
};

/**
 * Opens the folder before the engine does: the engine would crash later, in the middle of a request.
 * @throws Error that says why the folder can't be used
 */
export const checkDataFolder = async (dataDir: string) => {
  try {
    await openAndClose(dataDir);
  } catch (cause) {
    const reason = hasErrorCode(cause, "LEVEL_LOCKED")
      ? "another process is using it"
      : errorMessage(causeOf(cause));
    throw new Error(`Can't keep data in ${dataDir}: ${reason}. Choose another with DATA_DIR`, { cause });
  }
};
