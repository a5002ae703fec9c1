import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { createPortalFile } from "../support/portal-file.ts";
import { runHere } from "../support/run-here.ts";
import { startCommandProcess, startServiceProcess } from "../support/service-process.ts";
import { openTestTable, readItem } from "../support/test-table.ts";
import { useTable } from "../support/use-table.ts";

const GROUP = { id: 900, name: "Numbers", words_count: 10 };
const ACTIVITY = { id: 901, name: "Dictation", url: "http://localhost:8090", preview_url: "/dictation.png" };

/** Text that could control the terminal or add a line, and how it is printed. */
const CONTROL_TEXT = "\u001b]0;title\u0007\u009b31m\nforged";
const PRINTABLE = "\\u001b]0;title\\u0007\\u009b31m\\u000aforged";

const folder = createFolder();
const { table } = useTable();

const runWith = (variables: Readonly<Record<string, string>>, ...args: string[]) =>
  runHere("bin/import.ts", variables, ...args);

const run = (...args: string[]) => runWith({ AWS_ENDPOINT_URL_DYNAMODB: table.endpoint }, ...args);

const writeData = async (name: string, data: unknown) => {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(data));
  return file;
};

describe("the import", () => {
  test("writes groups and study activities, as often as it is asked to", async () => {
    const file = await writeData("good.json", { groups: [GROUP], study_activities: [ACTIVITY] });
    const expected = {
      code: 0,
      stdout: `${table.tableName} has all of ${file}: groups 1, study activities 1, study sessions 0\n`,
      stderr: "",
    };

    expect(await run(file, "--table", table.tableName)).toEqual(expected);
    expect(await run(file, "--table", table.tableName)).toEqual(expected);

    expect(await readItem(table, "group#900")).toEqual({ pk: "group#900", ...GROUP });
    expect(await readItem(table, "study_activity#901")).toEqual({ pk: "study_activity#901", ...ACTIVITY });
  });

  test("writes nothing of a file with a faulty row", async () => {
    const group = { ...GROUP, id: 950 };
    const file = await writeData("bad.json", { groups: [group, { ...group, id: -1 }], study_activities: [] });

    expect(await run(file, "--table", table.tableName)).toEqual({
      code: 1,
      stdout: "",
      stderr: `${file} can't be imported.\ngroups row 2, id: must be a whole number from 1 to 9007199254740991\n`,
    });
    expect(await readItem(table, "group#950")).toBeUndefined();
  });

  test("lists the groups and study activities of the table", async () => {
    const { endpoint, tableName, close } = await openTestTable();
    const runHere = (...args: string[]) => runWith({ AWS_ENDPOINT_URL_DYNAMODB: endpoint }, ...args);
    const file = await writeData("named.json", {
      groups: [GROUP, { id: 2, name: "Adjectives" }],
      study_activities: [],
    });
    await runHere(file, "--table", tableName);
    const listed = await runHere("--list", "--table", tableName);
    await close();
    expect(listed).toEqual({
      code: 0,
      stdout: [
        "Groups",
        "    1  Core Verbs",
        "    2  Adjectives",
        "  900  Numbers",
        "",
        "Study activities",
        "  1  Typing Tutor",
        "  2  Flashcards",
        "  3  Sentence Constructor",
        "  4  Listening Comprehension",
        "  5  Adventure MUD",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  test("takes the table of npm start when it is given none, and a list creates none", async () => {
    const DATA_DIR = join(folder, "listed");
    expect(await runWith({ DATA_DIR }, "--list")).toEqual({
      code: 1,
      stdout: "",
      stderr: `There is no folder ${DATA_DIR} yet: npm start creates it\n`,
    });
    expect(existsSync(DATA_DIR)).toBe(false);

    const file = await writeData("group.json", {
      groups: [{ id: 900, name: CONTROL_TEXT }],
      study_activities: [],
    });
    expect(await runWith({ DATA_DIR }, file)).toEqual({
      code: 0,
      stdout: `StudySessions has all of ${file}: groups 1, study activities 0, study sessions 0\n`,
      stderr: "",
    });
    expect(await runWith({ DATA_DIR }, "--list")).toEqual({
      code: 0,
      stdout: `Groups\n  900  ${PRINTABLE}\n\nStudy activities\n  none\n`,
      stderr: "",
    });
    expect(await runWith({ DATA_DIR, TABLE_NAME: "Other" }, "--list")).toEqual({
      code: 1,
      stdout: "",
      stderr: `Other can't be used: there is no such table in ${DATA_DIR}\n`,
    });
  });

  test("takes the two lines of its own help", async () => {
    const { stdout: help } = await run("--help");
    const file = join(folder, "help.json");
    await writeFile(file, /\{"groups".*?\]\}/s.exec(help)?.[0] ?? "");
    expect(await run(file, "--dry-run")).toEqual({
      code: 0,
      stdout: `${file} has groups 1, study activities 1, study sessions 0\n`,
      stderr: "",
    });
  });

  test("refuses a table that is not there", async () => {
    const file = await writeData("good.json", { groups: [GROUP], study_activities: [] });
    expect(await run(file, "--table", "Elsewhere")).toEqual({
      code: 1,
      stdout: "",
      stderr: `Elsewhere can't be used: there is no such table in ${table.endpoint}\n`,
    });
  });

  test("says what is wrong with a file that it can't read", async () => {
    const file = join(folder, "text.json");
    await writeFile(file, "groups");
    const notJson = await run(file, "--table", table.tableName);
    const absent = await run("absent.json", "--table", table.tableName);

    expect(notJson).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file} can't be imported.\nThis is not JSON`),
    });
    expect(absent).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("absent.json can't be imported.\nThere is no such file\n"),
    });
  });

  test("takes a file of the portal, and lists what it can't take", async () => {
    const file = createPortalFile({
      file: join(folder, "words.db"),
      sessions: [
        [50, 1, 2, "2025-02-20 12:00:00"],
        [51, null, 2, "2025-02-20 12:00:00"],
        [52, 9, 2, "2025-02-20 12:00:00.5"],
      ],
      sql: "ALTER TABLE study_sessions RENAME COLUMN created_at TO start_time;",
    });
    const refusal = "study_sessions, 1 row: group_id is missing (id 51)\n";
    const notes = [
      "Read study_sessions, with start_time for created_at",
      "study_sessions, 1 row: taken without their group or study activity (id 52: group 9)",
      "",
    ].join("\n");
    const but = ", but 1 row, for the reason above";
    const has = `${table.tableName} has all of ${file}: groups 2, study activities 1, study sessions 2`;

    expect(await run(file, "--table", table.tableName, "--dry-run")).toEqual({
      code: 3,
      stdout: `${notes}${file} has groups 2, study activities 1, study sessions 2${but}\n`,
      stderr: refusal,
    });
    expect(await readItem(table, "study_session#50")).toBeUndefined();

    expect(await run(file, "--table", table.tableName)).toEqual({
      code: 3,
      stdout: `${notes}${has}${but}\n`,
      stderr: refusal,
    });
    expect(await readItem(table, "study_session#52")).toMatchObject({
      id: 52,
      group_id: 9,
      study_activity_id: 2,
      created_at: "2025-02-20T12:00:00.500Z",
    });

    expect(await run(file, "--table", table.tableName)).toMatchObject({
      stdout: `${notes}${has}, 2 of them from before${but}\n`,
    });
  });

  test("prints the control characters of refused rows as escapes", async () => {
    const sessions = [[60, 1, 2, CONTROL_TEXT]] as const;
    const file = createPortalFile({ file: join(folder, "escapes.db"), sessions });
    const { code, stderr } = await run(file, "--dry-run");
    expect(code).toBe(3);
    expect(stderr).toContain(PRINTABLE);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("takes tables and columns of other names", async () => {
    const file = createPortalFile({
      file: join(folder, "mapped.db"),
      sql: "ALTER TABLE groups RENAME COLUMN name TO label;",
      sessions: [[70, 1, 2, 1740053799]],
    });
    expect(await run(file, "--table", table.tableName)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The table groups has no column name or group_name or title\n"),
    });
    const has = `${table.tableName} has all of ${file}: groups 2, study activities 1, study sessions 1`;
    expect(await run(file, "--table", table.tableName, "--map", "groups.name=label")).toEqual({
      code: 0,
      stdout: `Read groups, with label for name\n${has}\n`,
      stderr: "",
    });
    expect(await readItem(table, "study_session#70")).toMatchObject({
      created_at: "2025-02-20T12:16:39.000Z",
    });
  });

  test("shows how far it is, and ends with one line when the process that has the folder open ends", async () => {
    const DATA_DIR = join(folder, "ending");
    const sql = `
      WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 1000)
      INSERT INTO study_sessions (id, group_id, study_activity_id, created_at) SELECT id, 1, 2, '2025-02-20' FROM ids`;
    const file = createPortalFile({ file: join(folder, "many.db"), sql });
    const service = startServiceProcess({ DATA_DIR });
    await service.listening;
    const { printed, exited } = startCommandProcess("bin/import.ts", { DATA_DIR }, file);
    await printed(/^100 of 1000 study sessions$/);
    service.kill("SIGKILL");
    const { code, output } = await exited;
    expect(code).toBe(1);
    expect(output.split("\n").at(-1)).toBe(
      `StudySessions can't be used: the process that had ${DATA_DIR} open has ended. Run the command again`,
    );
    expect(await runWith({ DATA_DIR }, "--list")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("7  Kanji"),
    });
  });

  test("replaces the groups and study activities of the table by those of the file", async () => {
    const { endpoint, tableName, client, close } = await openTestTable();
    const runHere = (...args: string[]) =>
      runWith({ AWS_ENDPOINT_URL_DYNAMODB: endpoint }, ...args, "--table", tableName);
    await client.send(new PutCommand({ TableName: tableName, Item: { pk: "study_session#1" } }));
    const file = await writeData("replacing.json", {
      groups: [GROUP, { id: 2, name: "Adjectives" }],
      study_activities: [ACTIVITY],
    });
    const lines = [
      `--replace deletes from ${tableName} what ${file} does not have:`,
      "  group#1 Core Verbs",
      "  study_activity#1 Typing Tutor",
      "  study_activity#2 Flashcards",
      "  study_activity#3 Sentence Constructor",
      "  study_activity#4 Listening Comprehension",
      "  study_activity#5 Adventure MUD",
      "",
    ].join("\n");
    const counts = `${file}: groups 2, study activities 1, study sessions 0\n`;
    const dryRun = await runHere(file, "--replace", "--dry-run");
    const before = await runHere("--list");
    const replaced = await runHere(file, "--replace");
    const after = await runHere("--list");
    const again = await runHere(file, "--replace");
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { pk: "study_session#1" } }),
    );
    await close();

    expect(dryRun).toEqual({ code: 0, stdout: lines + counts.replace(":", " has"), stderr: "" });
    expect(before.stdout).toContain("1  Core Verbs");
    expect(replaced).toEqual({ code: 0, stdout: `${lines}${tableName} has all of ${counts}`, stderr: "" });
    expect(after.stdout).toBe(
      "Groups\n    2  Adjectives\n  900  Numbers\n\nStudy activities\n  901  Dictation\n",
    );
    expect(again.stdout).toBe(
      `${tableName} has no group or study activity that ${file} does not have\n${tableName} has all of ${counts}`,
    );
    expect(Item).toBeDefined();
  });

  test("deletes nothing of a table that npm start has not created yet", async () => {
    const DATA_DIR = join(folder, "replaced");
    const file = await writeData("whole.json", { groups: [GROUP], study_activities: [ACTIVITY] });
    expect(await runWith({ DATA_DIR }, file, "--replace", "--dry-run")).toEqual({
      code: 0,
      stdout: `${file} has groups 1, study activities 1, study sessions 0\n`,
      stderr: "",
    });
    expect(existsSync(DATA_DIR)).toBe(false);
    expect(await run(file, "--replace", "--dry-run", "--table", "Elsewhere")).toMatchObject({
      code: 1,
      stderr: `Elsewhere can't be used: there is no such table in ${table.endpoint}\n`,
    });
  });

  test("replaces nothing by a file without a group", async () => {
    const file = await writeData("empty.json", { groups: [], study_activities: [ACTIVITY] });
    const message = "--replace needs at least one group and one study activity: the file has no group\n";
    for (const args of [["--replace"], ["--replace", "--dry-run"]]) {
      expect(await run(file, "--table", table.tableName, ...args)).toEqual({
        code: 1,
        stdout: "",
        stderr: message,
      });
    }
  });

  test("says that no engine answers", async () => {
    const file = await writeData("good.json", { groups: [GROUP], study_activities: [] });
    expect(await runWith({ AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" }, file)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The database at http:\/\/127\.0\.0\.1:1 can't be used: .*ECONNREFUSED.*\n$/,
      ),
    });
  });
});
