import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { openPortal } from "../../../../lib/sync/portal/portal-thread.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { openTestPortal } from "../../../support/portal.ts";
import { createPortalFile } from "../../../support/portal-file.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = createFolder();
  file = join(folder, "words.db");
});

/** Checks the file as a command does before it copies anything. */
const check = async (path = file, waitMs = 0) => {
  const portal = openPortal({ name: "words.db", file: path, nameMap: new Map() });
  try {
    return await portal.check({ waitMs, signal: new AbortController().signal });
  } finally {
    await portal.close();
  }
};

/** Makes a file in which the table of sessions is this one. */
const createFile = (sessions: string) => {
  const server = openTestPortal(file);
  server.run(`CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE study_activities (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE s (id INTEGER PRIMARY KEY, group_id, study_activity_id, created_at);
    ${sessions}`);
  server.close();
};

test("takes a portal's file, and names nothing", async () => {
  createPortalFile({ file });
  expect(await check()).toEqual([]);
});

test("names what is called otherwise", async () => {
  createFile("CREATE TABLE sessions (id, groupId, activity_id, start_time)");
  expect(await check()).toEqual([
    "Read study_sessions from sessions, with groupId for group_id, activity_id for study_activity_id, start_time for created_at",
  ]);
});

test.each([
  ["is a view", "CREATE VIEW study_sessions AS SELECT * FROM s", "study_sessions is a view"],
  [
    "needs a value that nobody has",
    "CREATE TABLE study_sessions (id, group_id, study_activity_id, created_at, score NOT NULL)",
    "The column score of study_sessions must have a value, and the service has none for it",
  ],
  [
    "has a foreign key to a table that is not there",
    "CREATE TABLE study_sessions (id, group_id REFERENCES decks (id), study_activity_id, created_at)",
    "A foreign key or a trigger of study_sessions does not work: no such table: main.decks. Nothing can be added",
  ],
  [
    "has a trigger with a function of the portal's program",
    `CREATE TABLE study_sessions (id, group_id, study_activity_id, created_at);
     CREATE TRIGGER t BEFORE INSERT ON study_sessions BEGIN SELECT count_words(); END`,
    "A foreign key or a trigger of study_sessions does not work: no such function: count_words. Nothing can be added",
  ],
  ["is missing", "", "There is no table study_sessions"],
  [
    "names activities",
    "DROP TABLE study_activities; CREATE TABLE study_sessions (id, group_id, activity_type TEXT, created_at)",
    "study_sessions has names of study activities, and there is no table with their ids",
  ],
])("refuses a file whose table of sessions %s", async (_, sessions, reason) => {
  createFile(sessions);
  await expect(check()).rejects.toThrow(`words.db can't be used: ${reason}`);
});

test("refuses what is no database, and makes no file", async () => {
  await expect(check()).rejects.toThrow("words.db can't be used: there is no such file");
  await expect(check(folder)).rejects.toThrow("words.db can't be used: it is not a file");
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(file, "words, but not in a database. ".repeat(99));
  await expect(check()).rejects.toThrow("words.db can't be used: file is not a database");
  writeFileSync(file, "");
  await expect(check()).rejects.toThrow("words.db can't be used: There is no table groups");
});

test("waits for a file that is locked", async () => {
  createPortalFile({ file });
  const server = openTestPortal(file);
  server.run("BEGIN EXCLUSIVE");
  await expect(check()).rejects.toThrow("words.db is locked by another program");
  const checked = check(file, 60_000);
  server.run("COMMIT");
  server.close();
  expect(await checked).toEqual([]);
});
