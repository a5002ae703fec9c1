import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { errorMessage } from "../../error-message.ts";
import { readSqliteFile } from "../../import/portal/sqlite-file.ts";

/**
 * Copies the portal's file as it is at one moment, and changes nothing in its folder.
 * @returns the copy, and a function that deletes the copy
 * @throws Error that begins with the file's name
 */
export const takeSnapshot = (file: string) => {
  const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
  const remove = () => rmSync(folder, { recursive: true });
  const copy = join(folder, basename(file));
  try {
    readSqliteFile({ file, read: (database) => database.prepare("VACUUM INTO ?").run(copy) });
  } catch (error) {
    remove();
    throw new Error(`${file} can't be read: ${errorMessage(error)}`, { cause: error });
  }
  return { file: copy, remove };
};
