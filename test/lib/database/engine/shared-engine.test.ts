import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { Level } from "level";
import { openEmbeddedDatabase } from "../../../../lib/database/engine/embedded-engine.ts";
import { findEngineSocket } from "../../../../lib/database/engine/engine-socket.ts";
import { openSharedDatabase } from "../../../../lib/database/engine/shared-engine.ts";
import { connectToEngine, createTableIfMissing } from "../../../../lib/database/local-table.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { runAtEnd } from "../../../support/run-at-end.ts";

type Database = Awaited<ReturnType<typeof openEmbeddedDatabase | typeof openSharedDatabase>>;

let folder: string;

beforeEach(() => {
  folder = createFolder();
});

const connect = ({ requestHandler, close }: Database) => {
  const client = connectToEngine(undefined, requestHandler);
  runAtEnd(async () => {
    client.destroy();
    await close();
  });
  return client;
};

const listTables = async (database: Database) =>
  (await connect(database).send(new ListTablesCommand())).TableNames;

const SHORT = "data";
/** This is longer than the address of a socket may be. */
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

/** Leaves a socket behind, as a process does that is killed. */
const leaveSocket = async (socketFolder: string) => {
  const server = createServer();
  await once(server.listen(join(socketFolder, "new")), "listening");
  await rename(join(socketFolder, "new"), join(socketFolder, "engine"));
  await once(server.close(), "close");
};

testOnUnix("replaces the socket of a process that was killed", async () => {
  const dataDir = join(folder, SHORT);
  await mkdir(join(dataDir, "socket"), { recursive: true });
  await leaveSocket(join(dataDir, "socket"));
  connect(await openEmbeddedDatabase({ dataDir }));
  expect(await listTables(await openSharedDatabase(dataDir))).toEqual([]);
});

testOnUnix.each([
  ["with its socket", leaveSocket],
  ["without a socket", async () => {}],
  ["that is gone", (socketFolder: string) => rm(socketFolder, { recursive: true })],
])("replaces the link of a process that was killed, to a folder %s", async (_, leave) => {
  const dataDir = join(folder, LONG);
  await mkdir(dataDir, { recursive: true });
  const socketFolder = createFolder();
  await symlink(socketFolder, join(dataDir, "socket"));
  await leave(socketFolder);
  connect(await openEmbeddedDatabase({ dataDir }));
  expect(await listTables(await openSharedDatabase(dataDir))).toEqual([]);
  expect(existsSync(socketFolder)).toBe(false);
});

/** The files and folders that a person may have in a data folder, by name. Each has a file. */
const FOREIGN: readonly (readonly [
  name: string,
  file: string,
  make: (dataDir: string) => Promise<unknown>,
])[] = [
  ["a file named socket", "socket", async () => {}],
  ["a folder named socket", "socket/notes.txt", async () => {}],
  ["a file named socket/engine", "socket/engine", async () => {}],
  ["a file beside the socket", "socket/notes.txt", (dataDir) => leaveSocket(join(dataDir, "socket"))],
  [
    "a link to a folder",
    "other/notes.txt",
    (dataDir) => symlink(join(dataDir, "other"), join(dataDir, "socket")),
  ],
  [
    "a link to an empty folder",
    "other/notes.txt",
    async (dataDir) => {
      await mkdir(join(dataDir, "empty"));
      await symlink(join(dataDir, "empty"), join(dataDir, "socket"));
    },
  ],
  [
    "a link to a file in a folder with the name of ours",
    "study-sessions-abc123/notes.txt",
    (dataDir) => symlink(join(dataDir, "study-sessions-abc123"), join(dataDir, "socket")),
  ],
];

testOnUnix.each(FOREIGN)("deletes nothing and has no socket where there is %s", async (_, file, make) => {
  const dataDir = join(folder, SHORT);
  await mkdir(dirname(join(dataDir, file)), { recursive: true });
  await writeFile(join(dataDir, file), "kept");
  await make(dataDir);
  const list = async () =>
    (await readdir(dataDir, { recursive: true }))
      .filter((path) => /socket|other|empty|study/.test(path))
      .toSorted();
  const before = await list();
  const { close } = await openEmbeddedDatabase({ dataDir });
  expect(await findEngineSocket(dataDir)).toBeUndefined();
  await close();
  expect(await list()).toEqual(before);
  expect(await readFile(join(dataDir, file), "utf8")).toBe("kept");
});

testOnUnix("deletes nothing that somebody put beside its socket", async () => {
  const dataDir = join(folder, SHORT);
  const { close } = await openEmbeddedDatabase({ dataDir });
  await writeFile(join(dataDir, "socket", "notes.txt"), "kept");
  await close();
  expect(await readFile(join(dataDir, "socket", "notes.txt"), "utf8")).toBe("kept");
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
  runAtEnd(() => other.close());
  await expect(openSharedDatabase(dataDir)).rejects.toThrow(
    `${dataDir} can't be used: another process has it open, and does not respond. End that process, or choose ` +
      "another folder with DATA_DIR",
  );
});
