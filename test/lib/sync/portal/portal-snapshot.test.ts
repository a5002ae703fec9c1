import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { takeSnapshot } from "../../../../lib/sync/portal/portal-snapshot.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { openTestPortal } from "../../../support/portal.ts";
import { createPortalFile } from "../../../support/portal-file.ts";

test("copies the file, and removes the copy", () => {
  const folder = createFolder();
  const file = createPortalFile({ file: join(folder, "words.db"), sessions: [[7, 1, 2, "2025-02-20"]] });
  const { file: copy, remove } = takeSnapshot(file);
  expect(openTestPortal(copy).sessionIds()).toEqual([7]);
  remove();
  expect(existsSync(dirname(copy))).toBe(false);
  expect(readdirSync(folder)).toEqual(["words.db"]);
});

test("says why a file can't be copied", () => {
  const file = join(createFolder(), "words.db");
  writeFileSync(file, "SQLite format 3\0 and then nothing");
  expect(() => takeSnapshot(file)).toThrow(/words\.db can't be read: .*file is not a database$/);
});
