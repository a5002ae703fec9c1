import { rm } from "node:fs/promises";
import { beforeEach, expect, test } from "@jest/globals";
import { MissingTableError, useTable } from "../../../lib/database/target-table.ts";
import { createFolder } from "../../support/create-folder.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = createFolder();
});

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
