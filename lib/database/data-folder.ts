import { Level } from "level";
import { errorMessage } from "../error-message.ts";

const hasCode = (error: unknown, code: string): boolean => {
  if (typeof error !== "object" || error === null) return false;
  return ("code" in error && error.code === code) || ("cause" in error && hasCode(error.cause, code));
};

/** LevelDB's error says only that it failed: the reason is in its cause. */
const causeOf = (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error);

const openAndClose = async (dataDir: string) => {
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
    const reason = hasCode(cause, "LEVEL_LOCKED")
      ? "another process is using it"
      : errorMessage(causeOf(cause));
    throw new Error(`Can't keep data in ${dataDir}: ${reason}. Choose another with DATA_DIR`, { cause });
  }
};
