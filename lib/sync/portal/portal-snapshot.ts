import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { errorMessage } from "../../error-message.ts";
import { readSqliteFile } from "../../import/portal/sqlite-file.ts";
import type { Portal } from "./portal-thread.ts";

const PREFIX = join(tmpdir(), "study-sessions-");

/**
 * Copies the portal's file as it is at one moment, and changes nothing in its folder. The file must not be open in this
 * process.
 * @returns the copy, and a function that deletes the copy
 * @throws Error that begins with the file's name
 */
export const takeSnapshot = (file: string) => {
  const folder = mkdtempSync(PREFIX);
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

/** Calls `read` with the path of a copy of the portal's file, as the file is at one moment. */
export const withSnapshot = async <Result>(
  portal: Pick<Portal, "copyTo">,
  patience: Parameters<Portal["copyTo"]>[1],
  read: (copy: string) => Promise<Result>,
) => {
  const folder = await mkdtemp(PREFIX);
  const copy = join(folder, "portal.db");
  try {
    await portal.copyTo(copy, patience);
    return await read(copy);
  } finally {
    await rm(folder, { recursive: true });
  }
};
