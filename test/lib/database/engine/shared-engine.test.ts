import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { Level } from "level";
import { openEmbeddedDatabase } from "../../../../lib/database/engine/embedded-engine.ts";
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

test.each([
  ["a short path", SHORT],
  // This is longer than the address of a socket may be.
  ["a long path", join("x".repeat(120), "data")],
])("uses the engine of the process that has the folder open: %s", async (_, name) => {
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
  await database.close();
  expect(existsSync(join(dataDir, "socket"))).toBe(false);
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
