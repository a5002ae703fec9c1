import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readPortalDatabase } from "../../../lib/import/portal-database.ts";
import { createPortalFile, FORK } from "../../support/portal-file.ts";

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

test("takes the start time of a fork for the time of creation, and ignores what else it has", () => {
  const file = createPortalFile({
    file: join(folder, "fork.db"),
    schema: FORK,
    sessions: [[3, 7, 2, TIME]],
    sql: "CREATE TABLE word_reviews (id INTEGER);",
  });
  expect(readPortalDatabase(file)).toEqual({
    groups: [
      { id: 1, name: "Core Verbs", words_count: 0 },
      { id: 7, name: "Kanji", words_count: 0 },
    ],
    study_activities: [
      { id: 2, name: "Flashcards", url: "http://localhost:8081", preview_url: "/flashcards.png" },
    ],
    study_sessions: [{ id: 3, group_id: 7, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" }],
    highestSessionId: 3,
    refusals: [],
  });
});

test("takes the start time only where a session has no time of creation", () => {
  const file = createPortalFile({
    file: join(folder, "both.db"),
    sql: `ALTER TABLE study_sessions ADD COLUMN start_time DATETIME DEFAULT '2025-01-01';`,
    sessions: [
      [1, 1, 2, TIME],
      [2, 1, 2, null],
      [3, 1, 2, "soon"],
    ],
  });
  const { study_sessions, refusals } = readPortalDatabase(file);
  expect(study_sessions.map(({ id, created_at }) => [id, created_at])).toEqual([
    [1, "2025-02-20T12:00:00.000Z"],
    [2, "2025-01-01T00:00:00.000Z"],
  ]);
  expect(refusals).toEqual(['study_sessions id 3: created_at or start_time: "soon" is not a date and time']);
});

test("names a start time that it can't take by the column of the file", () => {
  const file = createPortalFile({
    file: join(folder, "fork-bad.db"),
    schema: FORK,
    sessions: [
      [1, 1, 2, "soon"],
      [2, 1, 2, null],
    ],
  });
  expect(readPortalDatabase(file).refusals).toEqual([
    'study_sessions id 1: start_time: "soon" is not a date and time',
    "study_sessions id 2: start_time: must be a text with a date and time",
  ]);
});

const BARE = `
  CREATE TABLE Groups (ID INTEGER, Name TEXT);
  CREATE VIEW study_activities AS SELECT 2 AS id, 'Flashcards' AS name;
  CREATE TABLE study_sessions (ID INTEGER, group_id INTEGER, study_activity_id INTEGER, Start_Time TEXT);
  INSERT INTO Groups VALUES (7, 'Kanji');
`;

test("takes the fewest columns, in any case, and views for tables", () => {
  const file = createPortalFile({
    file: join(folder, "bare.db"),
    schema: BARE,
    sessions: [[1, 7, 2, TIME]],
  });
  expect(readPortalDatabase(file)).toMatchObject({
    groups: [{ id: 7, name: "Kanji", words_count: 0 }],
    study_activities: [{ id: 2, name: "Flashcards", url: "", preview_url: "" }],
    study_sessions: [{ id: 1, group_id: 7, created_at: "2025-02-20T12:00:00.000Z" }],
    refusals: [],
  });
});

test("takes the first of two rows with the same id", () => {
  const file = createPortalFile({
    file: join(folder, "twice.db"),
    schema: BARE,
    sql: "INSERT INTO Groups VALUES (7, 'Kanji again'), (8, NULL), (8, 'Numbers');",
  });
  const { groups, refusals } = readPortalDatabase(file);
  expect(groups.map(({ name }) => name)).toEqual(["Kanji", "Numbers"]);
  expect(refusals).toEqual([
    "groups id 7: id: another row has the same id",
    "groups id 8: name: must be a text that is not empty",
  ]);
});

test.each([
  [
    "a table",
    "DROP TABLE study_sessions; CREATE TABLE sessions (id INTEGER);",
    ["There is no table study_sessions. The tables are: groups, sessions, study_activities"],
  ],
  [
    "every table",
    "DROP TABLE groups; DROP TABLE study_activities; DROP TABLE study_sessions;",
    ["groups", "study_activities", "study_sessions"].map(
      (table) => `There is no table ${table}. The tables are: none`,
    ),
  ],
  [
    "columns",
    "ALTER TABLE groups DROP COLUMN name; ALTER TABLE study_sessions DROP COLUMN group_id; ALTER TABLE study_sessions DROP COLUMN created_at;",
    [
      "The table groups has no column name",
      "The table study_sessions has no column group_id",
      "The table study_sessions has no column created_at or start_time",
    ],
  ],
])("names %s that the file lacks", (what, sql, lines) => {
  const file = createPortalFile({ file: join(folder, `no-${what}.db`), sql });
  expect(() => readPortalDatabase(file)).toThrow(expect.objectContaining({ message: lines.join("\n") }));
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
