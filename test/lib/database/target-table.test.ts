import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { MissingTableError, useTable } from "../../../lib/database/target-table.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterEach(() => rm(dataDir, { recursive: true }));

const use = (isReadOnly: boolean, table?: string) =>
  useTable(
    { table, defaultTable: "StudySessions", endpoint: undefined, dataDir, isReadOnly },
    async ({ tableName }) => tableName,
  );

test("tells a missing folder from other failures", async () => {
  await rm(dataDir, { recursive: true });
  await expect(use(true)).rejects.toThrow(MissingTableError);
  expect(await use(false)).toBe("StudySessions");
  expect(await use(true)).toBe("StudySessions");
});
