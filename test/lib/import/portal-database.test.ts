import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readPortalDatabase } from "../../../lib/import/portal-database.ts";
import { createPortalFile } from "../../support/portal-file.ts";

const TIME = "2025-02-20 12:00:00";
const WHOLE_NUMBER = "must be a whole number from 1 to 9007199254740991";
const SESSION_ID = "must be a whole number from 1 to 4503599627370496";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("takes groups, study activities and sessions as they are", () => {
  const file = createPortalFile({
    file: join(folder, "good.db"),
    sessions: [
      [3, 7, 2, TIME],
      [1, 1, 2, "2025-02-20T13:00:00.5+01:00"],
    ],
  });
  expect(readPortalDatabase(file)).toEqual({
    groups: [
      { id: 1, name: "Core Verbs", words_count: 20 },
      { id: 7, name: "Kanji", words_count: 100 },
    ],
    study_activities: [
      { id: 2, name: "Flashcards", url: "http://localhost:8081", preview_url: "/flashcards.png" },
    ],
    study_sessions: [
      { id: 1, group_id: 1, study_activity_id: 2, created_at: "2025-02-20T12:00:00.500Z" },
      { id: 3, group_id: 7, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" },
    ],
    highestSessionId: 3,
    refusals: [],
  });
});

test("takes what is missing of groups and activities for empty", () => {
  const sql =
    "INSERT INTO groups VALUES (8, 'New', NULL); UPDATE study_activities SET url = NULL, preview_url = NULL;";
  const { groups, study_activities } = readPortalDatabase(
    createPortalFile({ file: join(folder, "nulls.db"), sql }),
  );
  expect(groups.at(-1)).toEqual({ id: 8, name: "New", words_count: 0 });
  expect(study_activities).toEqual([{ id: 2, name: "Flashcards", url: "", preview_url: "" }]);
});

test("names each row that it can't take, and why", () => {
  const file = createPortalFile({
    file: join(folder, "bad.db"),
    sessions: [
      [1, 9, 2, TIME],
      [2, 1, 9, TIME],
      [3, 8, 9, TIME],
      [4, null, 2, TIME],
      [5, "x", 2, TIME],
      [6, 1, 2, "yesterday"],
      [7, 1, 2, null],
      [8, 1, 2, 1740052800],
      [0, 1, 2, TIME],
      [9, 2n ** 63n - 1n, 2, TIME],
      [10, 1, 2, TIME],
      [2n ** 52n + 1n, 1, 2, TIME],
      [2n ** 63n - 1n, 1, 2, TIME],
    ],
    sql: "INSERT INTO groups VALUES (8, NULL, 1), (9, '', 1), (-1, 'x', -1.5); INSERT INTO study_activities VALUES (3, 'x', x'00', x'');",
  });
  const { study_sessions, highestSessionId, refusals } = readPortalDatabase(file);
  expect(study_sessions.map(({ id }) => id)).toEqual([10]);
  expect(highestSessionId).toBe(10);
  expect(refusals.toSorted()).toEqual(
    [
      `groups id -1: id: ${WHOLE_NUMBER}; words_count: must be a whole number from 0 to 9007199254740991`,
      "groups id 8: name: must be a text that is not empty",
      "groups id 9: name: must be a text that is not empty",
      "study_activities id 3: url: must be a text; preview_url: must be a text",
      `study_sessions id 0: id: ${SESSION_ID}`,
      "study_sessions id 1: unknown group 9",
      "study_sessions id 2: unknown study activity 9",
      "study_sessions id 3: unknown group 8; unknown study activity 9",
      `study_sessions id 4503599627370497: id: ${SESSION_ID}`,
      `study_sessions id 4: group_id: ${WHOLE_NUMBER}`,
      `study_sessions id 5: group_id: ${WHOLE_NUMBER}`,
      'study_sessions id 6: created_at: "yesterday" is not a date and time',
      "study_sessions id 7: created_at: must be a text with a date and time",
      "study_sessions id 8: created_at: must be a text with a date and time",
      `study_sessions id 9: group_id: ${WHOLE_NUMBER}`,
      `study_sessions id 9223372036854775807: id: ${SESSION_ID}`,
    ].toSorted(),
  );
});

test("keeps the id of a session that it can't take, for when it was repaired", () => {
  const file = createPortalFile({
    file: join(folder, "last.db"),
    sessions: [
      [1, 1, 2, TIME],
      [5, 9, 2, TIME],
    ],
  });
  expect(readPortalDatabase(file).highestSessionId).toBe(5);
});
