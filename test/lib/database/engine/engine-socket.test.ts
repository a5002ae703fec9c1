import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { findEngineSocket, serveEngineSocket } from "../../../../lib/database/engine/engine-socket.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { runAtEnd } from "../../../support/run-at-end.ts";

const SHORT = "data";
/** This is longer than the address of a socket may be. */
const LONG = join("x".repeat(120), "data");
const FOLDERS = [
  ["a short path", SHORT],
  ["a long path", LONG],
] as const;

let folder: string;

beforeEach(() => {
  folder = createFolder();
});

/** Makes the folder as the engine does before it serves the socket. */
const makeDataFolder = async (name: string) => {
  const dataDir = join(folder, name);
  await mkdir(dataDir, { recursive: true });
  return dataDir;
};

const respond = async () => ({ statusCode: 200, headers: {}, body: "{}" });

const serve = async (dataDir: string) => {
  const server = await serveEngineSocket(respond, dataDir);
  if (server) runAtEnd(server.close);
};

const testOnUnix = process.platform === "win32" ? test.skip : test;

testOnUnix.each(FOLDERS)("lets only the owner of the folder reach the socket: %s", async (_, name) => {
  const dataDir = await makeDataFolder(name);
  await serve(dataDir);
  const { mode, uid } = await stat(join(dataDir, "socket"));
  expect(mode & 0o777).toBe(0o700);
  expect(uid).toBe(process.getuid?.());
  expect((await stat(join(dataDir, "socket", "engine"))).isSocket()).toBe(true);
});

testOnUnix.each(FOLDERS)("leaves no socket behind: %s", async (_, name) => {
  const dataDir = await makeDataFolder(name);
  const server = await serveEngineSocket(respond, dataDir);
  const socketFolder = await realpath(join(dataDir, "socket"));
  expect(socketFolder.startsWith(await realpath(dataDir))).toBe(name === SHORT);
  await server?.close();
  expect(existsSync(socketFolder)).toBe(false);
  expect(await readdir(dataDir)).toEqual([]);
});

/** Leaves a socket behind, as a process does that is killed. */
const leaveSocket = async (socketFolder: string) => {
  const server = createServer();
  await once(server.listen(join(socketFolder, "new")), "listening");
  await rename(join(socketFolder, "new"), join(socketFolder, "engine"));
  await once(server.close(), "close");
};

testOnUnix("replaces the socket of a process that was killed", async () => {
  const dataDir = await makeDataFolder(SHORT);
  await mkdir(join(dataDir, "socket"));
  await leaveSocket(join(dataDir, "socket"));
  expect(await findEngineSocket(dataDir)).toBeUndefined();
  await serve(dataDir);
  expect(await findEngineSocket(dataDir)).toBe(join(dataDir, "socket", "engine"));
});

testOnUnix.each([
  ["with its socket", leaveSocket],
  ["without a socket", async () => {}],
  ["that is gone", (socketFolder: string) => rm(socketFolder, { recursive: true })],
])("replaces the link of a process that was killed, to a folder %s", async (_, leave) => {
  const dataDir = await makeDataFolder(LONG);
  const socketFolder = createFolder();
  await symlink(socketFolder, join(dataDir, "socket"));
  await leave(socketFolder);
  await serve(dataDir);
  expect(await findEngineSocket(dataDir)).toBeDefined();
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
  const list = async () => (await readdir(dataDir, { recursive: true })).toSorted();
  const before = await list();
  expect(await serveEngineSocket(respond, dataDir)).toBeUndefined();
  expect(await findEngineSocket(dataDir)).toBeUndefined();
  expect(await list()).toEqual(before);
  expect(await readFile(join(dataDir, file), "utf8")).toBe("kept");
});

testOnUnix("deletes nothing that somebody put beside its socket", async () => {
  const dataDir = await makeDataFolder(SHORT);
  const server = await serveEngineSocket(respond, dataDir);
  await writeFile(join(dataDir, "socket", "notes.txt"), "kept");
  await server?.close();
  expect(await readFile(join(dataDir, "socket", "notes.txt"), "utf8")).toBe("kept");
});
