import { accessSync, constants, realpathSync } from "node:fs";
import { dirname } from "node:path";

const isWritable = (path: string) => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Finds why SQLite can't write to an existing file. SQLite opens a read-only file too. While it writes, it keeps a
 * journal beside the file.
 * @returns undefined when SQLite can write
 */
export const findWriteObstacle = (file: string) => {
  const path = realpathSync(file);
  if (!isWritable(path)) return "the file is read-only";
  return isWritable(dirname(path)) ? undefined : "its folder is read-only";
};
