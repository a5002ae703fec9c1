import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readPortalDatabase } from "../../../../lib/import/portal/portal-database.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { createPortalFile, FORK } from "../../../support/portal-file.ts";
import { readPortalFile } from "../../../support/read-portal-file.ts";

const TIME = "2025-02-20 12:00:00";
const WHOLE_NUMBER = "is not a whole number from 1 to 9007199254740991";

const folder = createFolder();
let files = 0;

const read = (options: Omit<Parameters<typeof createPortalFile>[0], "file">) =>
  readPortalFile({ file: join(folder, `${++files}.db`), ...options });

test("takes groups, study activities and sessions as they are", () => {
  expect(
    read({
      sessions: [
        [3, 7, 2, TIME],
        [1, 1, 2, "2025-02-20T13:00:00.5+01:00"],
      ],
    }),
  ).toEqual({
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
    refusedReferences: 0,
    sessionCount: 2,
    highestSessionId: 3,
    names: [],
    notes: [],
    refusals: [],
  });
});

test("takes the start time only where a session has no time of creation", () => {
  const { study_sessions, names, refusals } = read({
    sql: `ALTER TABLE study_sessions ADD COLUMN start_time DATETIME DEFAULT '2025-01-01';`,
    sessions: [
      [1, 1, 2, TIME],
      [2, 1, 2, null],
      [3, 1, 2, "soon"],
      [4, 1, 2, ""],
      [5, 1, 2, " "],
      [6, 1, 2, "0001-01-01 00:00:00+00:00"],
      [7, 1, 2, 0],
    ],
  });
  const start = "2025-01-01T00:00:00.000Z";
  expect(study_sessions.map(({ id, created_at }) => [id, created_at])).toEqual([
    [1, "2025-02-20T12:00:00.000Z"],
    [2, start],
    [4, start],
    [5, start],
    [6, start],
    [7, start],
  ]);
  expect(names).toEqual(["Read study_sessions, with created_at or start_time for created_at"]);
  expect(refusals).toEqual([
    'study_sessions, 1 row: created_at or start_time is not a date and time (id 3: "soon")',
  ]);
});

test("names a start time that it can't take by the column of the file", () => {
  const { refusals } = read({
    schema: FORK,
    sessions: [
      [1, 1, 2, "soon"],
      [2, 1, 2, null],
    ],
  });
  expect(refusals).toEqual([
    'study_sessions, 1 row: start_time is not a date and time (id 1: "soon")',
    "study_sessions, 1 row: start_time is missing (id 2)",
  ]);
});

test("reads times as drivers write them", () => {
  const { study_sessions, refusals } = read({
    sessions: [
      [1, 1, 2, 1740052800000],
      [2, 1, 2, 1740052800],
      [3, 1, 2, 1740052800.5],
      [4, 1, 2, "2025-02-20 15:00:00.5 +0300 MSK m=+245.850218253"],
      [5, 1, 2, "15-02-2025 10:30:00"],
      [6, 1, 2, 20250220],
    ],
  });
  expect(study_sessions.map(({ created_at }) => created_at)).toEqual([
    "2025-02-20T12:00:00.000Z",
    "2025-02-20T12:00:00.000Z",
    "2025-02-20T12:00:00.500Z",
    "2025-02-20T12:00:00.500Z",
  ]);
  expect(refusals).toEqual([
    'study_sessions, 2 rows: created_at is not a date and time (id 5: "15-02-2025 10:30:00", id 6: 20250220)',
  ]);
});

test("takes no time that the service would not read again", () => {
  const { study_sessions, refusals } = read({
    sessions: [
      [1, 1, 2, "9999-12-31 23:59:59"],
      [2, 1, 2, "9999-12-31 23:59:59-05:00"],
      [3, 1, 2, "0001-01-01 00:00:00+00:00"],
      [4, 1, 2, "0000-01-01 00:00:00+09:00"],
    ],
  });
  expect(study_sessions.map(({ created_at }) => created_at)).toEqual([
    "9999-12-31T23:59:59.000Z",
    "0001-01-01T00:00:00.000Z",
  ]);
  expect(refusals).toEqual([
    "study_sessions, 2 rows: created_at is outside the years 0000 to 9999 in UTC " +
      '(id 2: "9999-12-31 23:59:59-05:00", id 4: "0000-01-01 00:00:00+09:00")',
  ]);
});

test("gives a name to a group and an activity that have none", () => {
  const { groups, study_activities, study_sessions, notes } = read({
    sql: `
      INSERT INTO groups VALUES (8, NULL, 1), (9, '', NULL), (10, ' ', NULL);
      INSERT INTO study_activities (id) VALUES (3);
    `,
    sessions: [[1, 9, 3, TIME]],
  });
  expect(groups.slice(2)).toEqual([
    { id: 8, name: "Group 8", words_count: 1 },
    { id: 9, name: "Group 9", words_count: 0 },
    { id: 10, name: "Group 10", words_count: 0 },
  ]);
  expect(study_activities[1]).toEqual({ id: 3, name: "Study activity 3", url: "", preview_url: "" });
  expect(study_sessions).toHaveLength(1);
  expect(notes).toEqual([
    "groups, 3 rows: the name is made from the id (id 8: Group 8, id 9: Group 9, id 10: Group 10)",
    "study_activities, 1 row: the name is made from the id (id 3: Study activity 3)",
  ]);
});

test("takes sessions whose group or activity is gone, and counts them", () => {
  const { study_sessions, notes, refusals } = read({
    sessions: [
      [1, 9, 2, TIME],
      [2, 1, 9, TIME],
      [3, 8, 9, TIME],
      [4, 8, 2, TIME],
      [5, 1, 2, TIME],
    ],
  });
  expect(study_sessions.map(({ id, group_id }) => [id, group_id])).toEqual([
    [1, 9],
    [2, 1],
    [3, 8],
    [4, 8],
    [5, 1],
  ]);
  expect(notes).toEqual([
    "study_sessions, 4 rows: taken without their group or study activity " +
      "(id 1: group 9, id 2: study activity 9, id 3: group 8 and study activity 9, …)",
  ]);
  expect(refusals).toEqual([]);
});

test("leaves out what the portal has deleted, and keeps its ids", () => {
  const { groups, study_sessions, highestSessionId, notes } = read({
    sql: `
      ALTER TABLE groups ADD COLUMN deletedAt DATETIME;
      ALTER TABLE study_sessions ADD COLUMN deleted_at DATETIME;
      INSERT INTO groups VALUES (8, 'Old', 1, '${TIME}');
      INSERT INTO study_sessions VALUES
        (1, 1, 2, '${TIME}', NULL), (2, 8, 2, '${TIME}', ''), (3, 1, 2, '${TIME}', 0),
        (4, 1, 2, '${TIME}', '0001-01-01 00:00:00+00:00'), (5, 1, 2, '${TIME}', '${TIME}'), (6, 1, 2, 'x', 1740052800);
    `,
  });
  expect(groups.map(({ id }) => id)).toEqual([1, 7]);
  expect(study_sessions.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(highestSessionId).toBe(6);
  expect(notes).toEqual([
    "groups, 1 row: left out, as deletedAt is set (id 8)",
    "study_sessions, 1 row: taken without their group or study activity (id 2: group 8)",
    "study_sessions, 2 rows: left out, as deleted_at is set (id 5, id 6)",
  ]);
});

const PANDAS = `
  CREATE TABLE groups (id FLOAT, name TEXT, words_count FLOAT);
  CREATE TABLE study_activities (id FLOAT, name TEXT);
  CREATE TABLE study_sessions (id FLOAT, group_id FLOAT, study_activity_id FLOAT, created_at TEXT);
  INSERT INTO groups VALUES (7.0, 'Kanji', 20.0);
  INSERT INTO study_activities VALUES (2.0, 'Flashcards');
`;

test("takes whole reals for ids", () => {
  const { groups, study_sessions, highestSessionId, notes, refusals } = read({
    schema: PANDAS,
    sessions: [
      [1, 7, 2, TIME],
      [4, 7, 2, TIME],
      [3.5, 7, 2, TIME],
      [9.5, 7, 2, TIME],
    ],
  });
  expect(groups).toEqual([{ id: 7, name: "Kanji", words_count: 20 }]);
  expect(study_sessions).toEqual([
    { id: 1, group_id: 7, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" },
    { id: 4, group_id: 7, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" },
  ]);
  expect(highestSessionId).toBe(4);
  expect(notes).toEqual([]);
  expect(refusals).toEqual([
    "study_sessions, 2 rows: id is not a whole number from 1 to 4503599627370496 (id 3.5: 3.5, id 9.5: 9.5)",
  ]);
});

test("takes generated columns", () => {
  const { groups, study_sessions } = read({
    schema: `
      CREATE TABLE groups (id INTEGER, doc TEXT, name TEXT AS (doc || '!') STORED);
      CREATE TABLE study_activities (id INTEGER, name TEXT);
      CREATE TABLE study_sessions (
        id INTEGER, group_id INTEGER, study_activity_id INTEGER, epoch INTEGER,
        created_at TEXT AS (datetime(epoch, 'unixepoch'))
      );
      INSERT INTO groups (id, doc) VALUES (7, 'Kanji');
      INSERT INTO study_sessions (id, group_id, study_activity_id, epoch) VALUES (1, 7, 2, 1740052800);
    `,
  });
  expect(groups).toEqual([{ id: 7, name: "Kanji!", words_count: 0 }]);
  expect(study_sessions).toEqual([
    { id: 1, group_id: 7, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" },
  ]);
});

test("takes the first of two rows with the same id", () => {
  const { groups, study_sessions, refusedReferences, refusals } = read({
    schema: PANDAS,
    sql: "INSERT INTO groups VALUES (7, 'Kanji again', 1);",
    sessions: [
      [2, 7, 2, TIME],
      [1, 7, 2, TIME],
      [2, 8, 2, TIME],
    ],
  });
  expect(groups.map(({ name }) => name)).toEqual(["Kanji"]);
  expect(study_sessions.map(({ id, group_id }) => [id, group_id])).toEqual([
    [1, 7],
    [2, 7],
  ]);
  expect(refusals).toEqual([
    "groups, 1 row: another row has the same id (id 7)",
    "study_sessions, 1 row: another row has the same id (id 2)",
  ]);
  expect(refusedReferences).toBe(1);
});

test("leaves out what it can't take where the row does not need it", () => {
  const picture = `data:image/png;base64,${"A".repeat(500_000)}`;
  const { groups, study_activities, notes, refusals } = read({
    sql: `
      UPDATE groups SET words_count = -1.5 WHERE id = 1;
      UPDATE groups SET words_count = 'many' WHERE id = 7;
      UPDATE study_activities SET url = x'00', preview_url = '${picture}';
      INSERT INTO study_activities VALUES (3, 'Tutor', NULL, '${"A".repeat(2048)}');
    `,
  });
  expect(groups.map(({ words_count }) => words_count)).toEqual([0, 0]);
  expect(study_activities).toEqual([
    { id: 2, name: "Flashcards", url: "", preview_url: "" },
    { id: 3, name: "Tutor", url: "", preview_url: "A".repeat(2048) },
  ]);
  expect(notes).toEqual([
    'groups, 2 rows: taken without a value: words_count is not a whole number from 0 to 9007199254740991 (id 1: -1.5, id 7: "many")',
    "study_activities, 1 row: taken without a value: url is not a text in UTF-8; preview_url is longer than 2048 characters " +
      `(id 2: "${picture.slice(0, 60)}…")`,
  ]);
  expect(refusals).toEqual([]);
});

test.each(["UTF-8", "UTF-16le"])("refuses a name that is not text, in a file in %s", (encoding) => {
  // 日本語 in CP932, and half of a character in UTF-16.
  const bytes = encoding === "UTF-8" ? "93fa967b8cea" : "00d8";
  const { groups, study_sessions, refusals } = read({
    schema: `
      PRAGMA encoding = '${encoding}';
      CREATE TABLE groups (id INTEGER, name TEXT);
      CREATE TABLE study_activities (id INTEGER, name TEXT);
      CREATE TABLE study_sessions (id INTEGER, group_id INTEGER, study_activity_id INTEGER, created_at TEXT);
      INSERT INTO groups VALUES (1, '日本語'), (2, '?' || char(65533)), (3, CAST(x'${bytes}' AS TEXT)), (4, 2024);
      INSERT INTO groups VALUES (5, '${"A".repeat(2049)}');
    `,
    sessions: [[1, 3, 2, TIME]],
  });
  expect(groups.map(({ name }) => name)).toEqual(["日本語", "?\uFFFD", "2024"]);
  expect(study_sessions).toHaveLength(1);
  expect(refusals).toEqual([
    "groups, 1 row: name is not a text in UTF-8 (id 3)",
    `groups, 1 row: name is longer than 2048 characters (id 5: "${"A".repeat(60)}…")`,
  ]);
});

test("sums up by reason the rows that it can't take", () => {
  const { study_sessions, highestSessionId, refusals } = read({
    sessions: [
      [1, null, 2, TIME],
      [2, null, 2, TIME],
      [3, "x\u001b", 2, TIME],
      [4, 1, 0, TIME],
      [5, 2n ** 63n - 1n, 2, TIME],
      [6, 1, 2, " "],
      [7, null, 2, "soon"],
      [8, "", 2, TIME],
      [9, null, 2, TIME],
      [10, 1, 2, TIME],
      [0, 1, 2, TIME],
      [2n ** 52n + 1n, 1, 2, TIME],
      [2n ** 63n - 1n, 1, 2, TIME],
    ],
    sql: "INSERT INTO groups VALUES (-1, 'x', 1);",
  });
  expect(study_sessions.map(({ id }) => id)).toEqual([10]);
  expect(highestSessionId).toBe(10);
  expect(refusals.toSorted()).toEqual(
    [
      `groups, 1 row: id ${WHOLE_NUMBER} (id -1: -1)`,
      "study_sessions, 4 rows: group_id is missing (id 1, id 2, id 8, …)",
      `study_sessions, 2 rows: group_id ${WHOLE_NUMBER} (id 3: "x\\u001b", id 5: 9223372036854775807)`,
      `study_sessions, 1 row: study_activity_id ${WHOLE_NUMBER} (id 4: 0)`,
      "study_sessions, 1 row: created_at is missing (id 6)",
      'study_sessions, 1 row: group_id is missing; created_at is not a date and time (id 7: "soon")',
      "study_sessions, 3 rows: id is not a whole number from 1 to 4503599627370496 " +
        "(id 0: 0, id 4503599627370497: 4503599627370497, id 9223372036854775807: 9223372036854775807)",
    ].toSorted(),
  );
});

test("needs the file no more once it is read", async () => {
  const file = createPortalFile({ file: join(folder, "gone.db"), sessions: [[1, 7, 2, TIME]] });
  const data = readPortalDatabase(file);
  await rm(file);
  expect([...data.readSessions()]).toMatchObject([{ id: 1, group_id: 7 }]);
  data.close();
});

test("keeps the id of a session that it can't take, for when it is repaired", () => {
  const { highestSessionId } = read({
    sessions: [
      [1, 1, 2, TIME],
      [5, 9, 2, "soon"],
    ],
  });
  expect(highestSessionId).toBe(5);
});

test("keeps no id that no session can have, even where there is no other", () => {
  const { highestSessionId } = read({ sessions: [[-(2n ** 63n), 1, 2, TIME]] });
  expect(highestSessionId).toBe(0);
});
