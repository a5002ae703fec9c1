import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MissingTableError, useTable } from "./target-table.ts";

/**
 * Opens the table of a command that writes nothing. Where `npm start` has not made its table yet, the command gets an
 * empty table for as long as `use` runs.
 * @throws MissingTableError when another table is missing, and what `useTable` throws
 */
export const useTableOrEmpty: typeof useTable = async (options, use) => {
  try {
    return await useTable(options, use);
  } catch (error) {
    if (options.table !== undefined || !(error instanceof MissingTableError)) throw error;
  }
  const dataDir = await mkdtemp(join(tmpdir(), "study-sessions-"));
  try {
    return await useTable({ ...options, endpoint: undefined, dataDir, isReadOnly: false }, use);
  } finally {
    await rm(dataDir, { recursive: true });
  }
};
