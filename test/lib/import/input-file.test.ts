import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readInputFile } from "../../../lib/import/input-file.ts";
import { createPortalFile } from "../../support/portal-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("says what is wrong with the file as a whole", async () => {
  const file = createPortalFile({ file: join(folder, "other.db"), sql: "DROP TABLE study_activities;" });
  await expect(readInputFile(file)).rejects.toThrow(
    /other\.db can't be imported\.\nThere is no table study_activities\./,
  );
  const broken = join(folder, "broken.db");
  await writeFile(broken, "SQLite format 3\0 and then nothing");
  await expect(readInputFile(broken)).rejects.toThrow(/can't be imported\.\n.*file is not a database/);
  const empty = join(folder, "empty.db");
  await writeFile(empty, "");
  await expect(readInputFile(empty)).rejects.toThrow(`${empty} can't be imported.\nThe file is empty`);
});

test("tells files of SQLite from others", async () => {
  const json = join(folder, "data.json");
  await writeFile(json, JSON.stringify({ groups: [], study_activities: [] }));
  expect(await readInputFile(json)).toEqual({
    groups: [],
    study_activities: [],
    study_sessions: [],
    highestSessionId: 0,
    refusals: [],
  });
  const portal = createPortalFile({ file: join(folder, "real.db"), sessions: [[4, 1, 2, "2025-02-20"]] });
  expect(await readInputFile(portal)).toMatchObject({ study_sessions: [{ id: 4 }], highestSessionId: 4 });
  await expect(readInputFile(join(folder, "absent.db"))).rejects.toThrow(
    /absent\.db can't be imported\.\n.*ENOENT/,
  );
});
