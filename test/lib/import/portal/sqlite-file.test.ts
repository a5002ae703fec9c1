import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readSqliteFile } from "../../../../lib/import/portal/sqlite-file.ts";
import { createFolder } from "../../../support/create-folder.ts";

let folder: string;
let file: string;
let portal: DatabaseSync;

beforeEach(() => {
  folder = createFolder();
  file = join(folder, "words.db");
  portal = new DatabaseSync(file);
});

afterEach(() => {
  if (portal.isOpen) portal.close();
});

const WAL = "PRAGMA journal_mode = WAL;";
const ROW = "CREATE TABLE groups (id INTEGER); INSERT INTO groups VALUES (7);";

const readIds = (options: { readonly file: string; readonly busyTimeoutMs?: number }) =>
  readSqliteFile({
    ...options,
    read: (database) =>
      database
        .prepare("SELECT id FROM groups")
        .all()
        .map(({ id }) => id),
  });

/** Reads every file of a folder with its content. */
const readFolder = (path = folder) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "base64")]));

test.each(["", WAL])("leaves nothing beside a file that nobody uses (%j)", (mode) => {
  portal.exec(mode + ROW);
  portal.close();
  const before = readFolder();
  expect(readIds({ file })).toEqual([7]);
  expect(readFolder()).toEqual(before);
});

test("reads what is only in the write-ahead log, while the portal has the file open", () => {
  portal.exec(WAL + ROW);
  const names = readdirSync(folder);
  expect(names).toContain("words.db-wal");
  expect(readIds({ file })).toEqual([7]);
  expect(readdirSync(folder)).toEqual(names);
});

test("reads a write-ahead log that was copied with its file, and leaves nothing beside them", () => {
  portal.exec(WAL + ROW);
  const copies = join(folder, "copies");
  mkdirSync(copies);
  for (const name of ["words.db", "words.db-wal"]) copyFileSync(join(folder, name), join(copies, name));
  const before = readFolder(copies);
  expect(readIds({ file: join(copies, "words.db") })).toEqual([7]);
  expect(readFolder(copies)).toEqual(before);
});

/** Reads a file. A process of its own can have a temporary folder of its own. */
const READER = `
  const { readSqliteFile } = await import(process.argv[1]);
  readSqliteFile({ file: process.argv[2], read: (database) => database.exec("SELECT id FROM groups") });
`;

test("removes its copy", () => {
  portal.exec(WAL + ROW);
  portal.close();
  const TMPDIR = createFolder();
  const module = pathToFileURL("lib/import/portal/sqlite-file.ts").href;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", READER, module, file], {
    env: { ...process.env, TMPDIR },
  });
  expect(status).toBe(0);
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test("finds the write-ahead log of a file behind a link", () => {
  portal.exec(WAL + ROW);
  rmSync(`${file}-shm`);
  const link = join(createFolder(), "link.db");
  symlinkSync(file, link);
  expect(readIds({ file: link })).toEqual([7]);
});

/** Ends in the middle of a transaction whose pages are in the file already, as a portal that is killed. */
const KILLED = `
  const database = new (require("node:sqlite").DatabaseSync)(process.argv[1]);
  database.exec("PRAGMA cache_size = 5; PRAGMA cache_spill = 1; CREATE TABLE pads (pad TEXT); BEGIN");
  database.exec("UPDATE groups SET id = 8");
  const insert = database.prepare("INSERT INTO pads VALUES (?)");
  for (let row = 0; row < 1000; row++) insert.run("x".repeat(500));
  process.kill(process.pid, "SIGKILL");
`;

test.each([
  ["", 0o644],
  ["read-only ", 0o444],
])(
  "rolls back what a killed portal had begun in a copy, and leaves the %sfile and its journal",
  (_, mode) => {
    portal.exec(ROW);
    portal.close();
    spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", KILLED, file]);
    const names = readdirSync(folder);
    expect(names).toEqual(["words.db", "words.db-journal"]);
    chmodSync(file, mode);
    const before = readFolder();
    expect(readIds({ file })).toEqual([7]);
    expect(readFolder()).toEqual(before);
  },
);

/** Locks the file in another thread, until the value at `released` is 1 and a moment after. */
const LOCK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const database = new (require("node:sqlite").DatabaseSync)(workerData.file);
  database.exec("BEGIN EXCLUSIVE; INSERT INTO groups VALUES (8)");
  parentPort.postMessage("locked");
  Atomics.wait(workerData.released, 0, 0);
  Atomics.wait(workerData.released, 0, 1, 200);
  database.exec("COMMIT");
  database.close();
`;

test("waits until the portal has written", async () => {
  portal.exec(ROW);
  const released = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(LOCK, { eval: true, workerData: { file, released } });
  await new Promise((resolve) => worker.once("message", resolve));
  const exited = new Promise((resolve) => worker.once("exit", resolve));
  try {
    Atomics.store(released, 0, 1);
    Atomics.notify(released, 0);
    expect(readIds({ file })).toEqual([7, 8]);
  } finally {
    await exited;
  }
});

test("says that another program is writing when the lock stays", () => {
  portal.exec(`${ROW} BEGIN EXCLUSIVE`);
  expect(() => readIds({ file, busyTimeoutMs: 1 })).toThrow(
    "Another program is writing into the file. Try again later, or end that program first",
  );
});
