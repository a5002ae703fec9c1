import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { checkTarget, type SessionTable } from "../../../../lib/sync/portal/portal-target.ts";
import { insertSession } from "../../../../lib/sync/portal/session-insert.ts";
import { createFolder } from "../../../support/create-folder.ts";

const SESSION = { id: 41, group_id: 1, study_activity_id: 2, created_at: "2026-11-26T23:04:05.678Z" };

const TABLE: SessionTable = {
  name: "study_sessions",
  columns: new Map([
    ["id", ["id"]],
    ["group_id", ["group_id"]],
    ["study_activity_id", ["study_activity_id"]],
    ["created_at", ["created_at"]],
  ]),
};

const tableWith = (
  columns: Readonly<Record<string, readonly string[]>>,
  name = TABLE.name,
): SessionTable => ({
  name,
  columns: new Map([...TABLE.columns, ...Object.entries(columns)]),
});

/** The first columns of every table here. */
const IDS = "id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER";

let file: string;
let database: DatabaseSync;

beforeEach(() => {
  file = join(createFolder(), "words.db");
  database = new DatabaseSync(file, { timeout: 20 });
});

afterEach(() => database.close());

const create = (columns: string, ...rows: string[]) =>
  database.exec(
    [
      `CREATE TABLE study_sessions (${columns})`,
      ...rows.map((row) => `INSERT INTO study_sessions VALUES ${row}`),
    ].join(";"),
  );

const readRow = (id = SESSION.id) => {
  const statement = database.prepare("SELECT * FROM study_sessions WHERE id = ?");
  statement.setReadBigInts(true);
  return { ...statement.get(id) };
};

const countRows = () => database.prepare("SELECT count(*) AS rows FROM study_sessions").get()?.rows;

test.each(["DELETE", "WAL"])("adds a row to a file with the journal mode %s, once", (mode) => {
  database.exec(`PRAGMA journal_mode = ${mode}`);
  create(`${IDS}, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP`);
  expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
  expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "present" });
  expect(readRow()).toEqual({
    id: 41n,
    group_id: 1n,
    study_activity_id: 2n,
    created_at: "2026-11-26 23:04:05",
  });
  expect(countRows()).toBe(1);
});

describe("the time", () => {
  test.each([
    ["TEXT", "'2025-02-20T12:00:00.123456Z'", "2026-11-26T23:04:05.678000Z"],
    ["DATETIME", "'2025-02-20 12:00:00.123456'", "2026-11-26 23:04:05.678000"],
    ["INTEGER", "1740052800", 1795734245n],
    ["INTEGER", "1740052800123", 1795734245678n],
    ["", "1740052800123", 1795734245678n],
    ["REAL", "1740052800.5", 1795734245.678],
    ["TEXT", "1740052800123", "1795734245678"],
  ])("is written in a column %s as the portal writes %s", (type, value, written) => {
    create(`${IDS}, created_at ${type}`, "(1, 1, 1, '2024-01-01 00:00:00')", `(2, 1, 1, ${value})`);
    insertSession(database, TABLE, SESSION);
    expect(readRow().created_at).toBe(written);
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "present" });
  });

  test("follows the newest rows whose form is known", () => {
    create(
      `${IDS}, created_at TEXT`,
      "(1, 1, 1, '2025-02-20T12:00:00Z'), (2, 1, 1, 'yesterday'), (3, 1, 1, NULL), (4, 1, 1, '')",
    );
    insertSession(database, TABLE, SESSION);
    expect(readRow().created_at).toBe("2026-11-26T23:04:05Z");
  });

  test("is not written where the form of all rows is unknown", () => {
    create(`${IDS}, created_at TEXT`, "(1, 1, 1, '15-02-2025 10:30:00')");
    expect(() => checkTarget(database, TABLE)).toThrow(
      'The column created_at has times such as "15-02-2025 10:30:00": times in this form cannot be written',
    );
  });

  test("goes into start_time where that stands in, and in both where the portal fills both", () => {
    const table = tableWith({ created_at: ["start_time"] });
    create(`${IDS}, start_time DATETIME, end_time DATETIME`);
    insertSession(database, table, SESSION);
    expect(readRow()).toMatchObject({ start_time: "2026-11-26 23:04:05", end_time: null });

    const both = tableWith({ created_at: ["created_at", "start_time"] });
    database.exec("DROP TABLE study_sessions");
    create(`${IDS}, created_at TEXT, start_time INTEGER`, "(1, 1, 1, '2025-02-20 12:00:00', 1740052800)");
    insertSession(database, both, SESSION);
    expect(readRow()).toMatchObject({ created_at: "2026-11-26 23:04:05", start_time: 1795734245n });
  });

  test("stays out of a second column that the portal leaves empty", () => {
    const both = tableWith({ created_at: ["created_at", "start_time"] });
    create(`${IDS}, created_at TEXT, start_time TEXT`, "(1, 1, 1, '2025-02-20 12:00:00', NULL)");
    insertSession(database, both, SESSION);
    expect(readRow().start_time).toBeNull();
    expect(insertSession(database, both, SESSION)).toEqual({ kind: "present" });
  });

  test("fills columns that must have one, and those that the portal fills", () => {
    create(`${IDS}, created_at TEXT, updatedAt TEXT NOT NULL, updated_at TEXT, startedAt TEXT DEFAULT 'x'`);
    insertSession(database, TABLE, SESSION);
    expect(readRow()).toMatchObject({
      updatedAt: "2026-11-26 23:04:05",
      updated_at: null,
      startedAt: "x",
    });
    database.exec("UPDATE study_sessions SET updated_at = '2025-02-20T12:00:00'");
    insertSession(database, TABLE, { ...SESSION, id: 42 });
    expect(readRow(42)).toMatchObject({ updated_at: "2026-11-26T23:04:05" });
  });
});

describe("a table", () => {
  test.each([
    [
      "score INTEGER NOT NULL",
      "The column score of study_sessions must have a value, and the service has none",
    ],
    ["end_time TEXT NOT NULL", "The column end_time of study_sessions must have a value"],
  ])("is refused for the column %s", (column, message) => {
    create(`${IDS}, created_at TEXT, ${column}`);
    expect(() => checkTarget(database, TABLE)).toThrow(message);
  });

  test("is taken with columns that are optional, generated or have a default", () => {
    create(
      `${IDS}, created_at TEXT, notes TEXT, score INTEGER NOT NULL DEFAULT 0, day TEXT NOT NULL AS (date(created_at))`,
    );
    expect(() => checkTarget(database, TABLE)).not.toThrow();
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
    expect(readRow()).toMatchObject({ notes: null, score: 0n, day: "2026-11-26" });
  });

  test("is refused when it is a view", () => {
    database.exec(`CREATE TABLE s (${IDS}, created_at TEXT); CREATE VIEW study_sessions AS SELECT * FROM s`);
    expect(() => checkTarget(database, TABLE)).toThrow(
      "study_sessions is a view: study sessions can be added only to a table",
    );
  });

  test("can have any names, and no primary key", () => {
    const names = ['My "Sessions"', "session-id", "group", "select", "from"];
    const [name = "", id = "", group_id = "", study_activity_id = "", created_at = ""] = names;
    const table = tableWith(
      { id: [id], group_id: [group_id], study_activity_id: [study_activity_id], created_at: [created_at] },
      name,
    );
    database.exec(`CREATE TABLE "My ""Sessions""" ("session-id" INT, "group" REAL, "select", "from" TEXT)`);
    checkTarget(database, table);
    expect(insertSession(database, table, SESSION)).toEqual({ kind: "inserted" });
    expect(insertSession(database, table, SESSION)).toEqual({ kind: "present" });
    expect({
      ...database.prepare('SELECT *, typeof("select") AS type FROM "My ""Sessions"""').get(),
    }).toEqual({
      "session-id": 41,
      group: 1,
      select: 2,
      from: "2026-11-26 23:04:05",
      type: "integer",
    });
  });

  test.each(["STRICT", "WITHOUT ROWID"])("can be %s", (kind) => {
    database.exec(`CREATE TABLE study_sessions (${IDS}, created_at TEXT) ${kind}`);
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
  });
});

describe("a row", () => {
  test.each([
    ["group", "(41, 9, 2, '2026-11-26 23:04:05')", 'group 9, study activity 2, "2026-11-26 23:04:05"'],
    ["activity", "(41, 1, 9, '2026-11-26 23:04:05')", 'group 1, study activity 9, "2026-11-26 23:04:05"'],
    ["time", "(41, 1, 2, '2026-11-26 23:04:06')", 'group 1, study activity 2, "2026-11-26 23:04:06"'],
    ["time", "(41, 1, 2, NULL)", "group 1, study activity 2, null"],
  ])("of the portal with this id and another %s stays as it is", (_, row, details) => {
    create(`${IDS}, created_at TEXT`, row);
    const before = readRow();
    expect(insertSession(database, TABLE, SESSION)).toEqual({
      kind: "conflict",
      details: `${details}; in the table: group 1, study activity 2, "2026-11-26T23:04:05.678Z"`,
    });
    expect(readRow()).toEqual(before);
    expect(countRows()).toBe(1);
  });

  test("whose group is gone is refused by the portal's foreign key", () => {
    database.exec("CREATE TABLE groups (id INTEGER PRIMARY KEY)");
    create(`${IDS}, created_at TEXT, FOREIGN KEY (group_id) REFERENCES groups (id)`);
    expect(insertSession(database, TABLE, SESSION)).toEqual({
      kind: "refused",
      details: "FOREIGN KEY constraint failed",
    });
    database.exec("INSERT INTO groups VALUES (1)");
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
  });

  test.each([
    [
      "a trigger",
      "CREATE TRIGGER t BEFORE INSERT ON study_sessions BEGIN SELECT RAISE(ABORT, 'closed'); END",
      "closed",
    ],
    [
      "a trigger",
      "CREATE TRIGGER t BEFORE INSERT ON study_sessions BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
      "no",
    ],
    [
      "a trigger",
      "CREATE TRIGGER t BEFORE INSERT ON study_sessions BEGIN SELECT RAISE(IGNORE); END",
      "a trigger ignored the row",
    ],
    [
      "a unique index",
      "CREATE UNIQUE INDEX u ON study_sessions (group_id)",
      "UNIQUE constraint failed: study_sessions.group_id",
    ],
  ])("is refused by %s of the portal", (_, sql, details) => {
    create(`${IDS}, created_at TEXT`, "(1, 1, 1, '2025-02-20 12:00:00')");
    database.exec(sql);
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "refused", details });
    expect(countRows()).toBe(1);
    expect(database.isTransaction).toBe(false);
  });

  test.each(["DELETE", "WAL"])("waits while the portal writes, with the journal mode %s", (mode) => {
    database.exec(`PRAGMA journal_mode = ${mode}`);
    create(`${IDS}, created_at TEXT`);
    const portal = new DatabaseSync(file);
    portal.exec("BEGIN IMMEDIATE; INSERT INTO study_sessions (id) VALUES (1)");
    expect(() => insertSession(database, TABLE, SESSION)).toThrow("database is locked");
    portal.exec("COMMIT");
    portal.close();
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
  });

  test("does not keep the portal from writing while the portal reads", () => {
    create(`${IDS}, created_at TEXT`, "(1, 1, 1, '2025-02-20 12:00:00'), (2, 1, 1, '2025-02-20 12:00:00')");
    const reader = new DatabaseSync(file);
    const rows = reader.prepare("SELECT id FROM study_sessions").iterate();
    rows.next();
    expect(() => insertSession(database, TABLE, SESSION)).toThrow("database is locked");
    const writer = new DatabaseSync(file);
    writer.exec("BEGIN IMMEDIATE; ROLLBACK");
    writer.close();
    rows.return?.();
    reader.close();
    expect(insertSession(database, TABLE, SESSION)).toEqual({ kind: "inserted" });
  });

  test("cannot be added to a table that is gone", () => {
    expect(() => insertSession(database, TABLE, SESSION)).toThrow("no such table: main.study_sessions");
    expect(database.isTransaction).toBe(false);
  });
});
