import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Level } from "level";
import { openEmbeddedDatabase } from "../../../../lib/database/engine/embedded-engine.ts";
import { openSharedDatabase } from "../../../../lib/database/engine/shared-engine.ts";
import { connectToEngine, createTableIfMissing } from "../../../../lib/database/local-table.ts";

type Database = Awaited<ReturnType<typeof openEmbeddedDatabase | typeof openSharedDatabase>>;

let folder: string;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true });
});

const connect = ({ requestHandler, close }: Database) => {
  const client = connectToEngine(undefined, requestHandler);
  closers.push(async () => {
    client.destroy();
    await close();
  });
  return client;
};

const listTables = async (database: Database) =>
  (await connect(database).send(new ListTablesCommand())).TableNames;

const SHORT = "data";
/** Longer than the address of a socket may be. */
const LONG = join("x".repeat(120), "data");
const FOLDERS = [
  ["a short path", SHORT],
  ["a long path", LONG],
] as const;

test.each(FOLDERS)("uses the engine of the process that has the folder open: %s", async (_, name) => {
  const dataDir = join(folder, name);
  const first = connect(await openEmbeddedDatabase({ dataDir }));
  const second = await openSharedDatabase(dataDir);
  expect(second.isShared).toBe(true);
  await createTableIfMissing(first, "Sessions");
  expect(await listTables(second)).toEqual(["Sessions"]);
  expect(await listTables(await openSharedDatabase(dataDir))).toEqual(["Sessions"]);
});

test("opens the folder itself when nobody else has it open", async () => {
  const dataDir = join(folder, SHORT);
  const database = await openSharedDatabase(dataDir);
  expect(database.isShared).toBe(false);
  await createTableIfMissing(connect(database), "Sessions");
  expect(await listTables(await openSharedDatabase(dataDir))).toEqual(["Sessions"]);
});

const testOnUnix = process.platform === "win32" ? test.skip : test;

testOnUnix.each(FOLDERS)("lets only the owner of the folder reach the socket: %s", async (_, name) => {
  const dataDir = join(folder, name);
  connect(await openEmbeddedDatabase({ dataDir }));
  const { mode, uid } = await stat(join(dataDir, "socket"));
  expect(mode & 0o777).toBe(0o700);
  expect(uid).toBe(process.getuid?.());
  expect((await stat(join(dataDir, "socket", "engine"))).isSocket()).toBe(true);
});

testOnUnix.each(FOLDERS)("leaves no socket behind: %s", async (_, name) => {
  const dataDir = join(folder, name);
  const { close } = await openEmbeddedDatabase({ dataDir });
  const socketFolder = await realpath(join(dataDir, "socket"));
  expect(socketFolder.startsWith(await realpath(dataDir))).toBe(name === SHORT);
  await close();
  expect(existsSync(socketFolder)).toBe(false);
  expect(await readdir(dataDir)).not.toContain("socket");
});

testOnUnix("replaces the socket of a process that was killed", async () => {
  const dataDir = join(folder, SHORT);
  await mkdir(join(dataDir, "socket"), { recursive: true });
  await writeFile(join(dataDir, "socket", "engine"), "");
  connect(await openEmbeddedDatabase({ dataDir }));
  expect(await listTables(await openSharedDatabase(dataDir))).toEqual([]);
});

test("waits for an engine that is about to listen", async () => {
  const dataDir = join(folder, SHORT);
  await mkdir(dataDir);
  const starting = new Level(dataDir);
  await starting.open();
  // LevelDB begins a new log before it finds that the folder is locked.
  const watcher = watch(dataDir);
  const tried = once(watcher, "change");
  const opened = openSharedDatabase(dataDir);
  await tried;
  watcher.close();
  await starting.close();
  expect(await listTables(await opened)).toEqual([]);
});

test("says that a process has the folder open and does not respond", async () => {
  const dataDir = join(folder, SHORT);
  await mkdir(dataDir);
  const other = new Level(dataDir);
  await other.open();
  closers.push(() => other.close());
  await expect(openSharedDatabase(dataDir)).rejects.toThrow(
    `${dataDir} can't be used: another process has it open, and does not respond. End that process, or choose ` +
      "another folder with DATA_DIR",
  );
});
