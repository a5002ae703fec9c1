import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { hasErrorCode } from "../../error-code.ts";
import { errorMessage } from "../../error-message.ts";

/** Checks whether an error says that another process has the folder open. */
export const isFolderInUse = (error: unknown) => hasErrorCode(error, "LEVEL_LOCKED");

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

/**
 * Makes the folder unless it exists, and calls `open`.
 * @throws Error that says why the folder can't be used
 */
export const openDataFolder = async <Result>(dataDir: string, open: () => Promise<Result>) => {
  try {
    await makeFolder(resolve(dataDir));
    return await open();
  } catch (cause) {
    const reason = isFolderInUse(cause) ? "another process is using it" : errorMessage(cause);
    throw new Error(`Can't keep data in ${dataDir}: ${reason}. Choose another folder with DATA_DIR`, {
      cause,
    });
  }
};
