import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../../lib/database/local-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { runHere } from "../support/run-here.ts";
import { type Item, putItem } from "../support/stored-sessions.ts";
import { openTestTable, readItem } from "../support/test-table.ts";
import { useTable } from "../support/use-table.ts";

const SESSION = { id: 7, ...VALID, created_at: "2026-01-02T03:04:05.678Z" };
const HASH = "h".repeat(43);

const folder = createFolder();
const { table } = useTable();

const runWith = (variables: Readonly<Record<string, string>>, ...args: string[]) =>
  runHere("bin/verify.ts", variables, ...args);

const run = (...args: string[]) => runWith({ AWS_ENDPOINT_URL_DYNAMODB: table.endpoint }, ...args);

const put = (tableName: string, item: Item) => putItem({ client: table.client, tableName }, item);

const openTable = async () => {
  const { client, tableName } = await openTestTable(table);
  client.destroy();
  return tableName;
};

const MISSING_SESSION = `idempotency_key#${HASH} has no session: study_session#7 is missing`;
const MISSING_COUNTER = "counter#study_session is missing, but the highest id is 7";

interface Counts {
  readonly sessions: number;
  readonly keys: number;
  readonly counter: number | string;
}

const describeTable = (name: string, { sessions, keys, counter }: Counts) =>
  `${name} had groups 2, study activities 5, study sessions ${sessions}, idempotency keys ${keys}, ` +
  `highest id 7, counter ${counter}`;

test("lists what it finds, and repairs nothing", async () => {
  const name = await openTable();
  await put(name, { pk: "study_session#7", ...SESSION, owner: "test" });
  for (let count = 1; count <= 2; count++) {
    expect(await run("--table", name)).toEqual({
      code: 3,
      stdout: `${describeTable(name, { sessions: 1, keys: 0, counter: "none" })}: 1 found, 0 repaired\n`,
      stderr: `${MISSING_COUNTER}\n`,
    });
  }
});

test("repairs what is safe to repair, and lists the rest", async () => {
  const name = await openTable();
  // A request has died before it wrote its session.
  const expires_at = Math.ceil(Date.now() / 1000) + 3600;
  await put(name, { pk: `idempotency_key#${HASH}`, ...SESSION, expires_at });
  expect(await run("--table", name, "--repair")).toEqual({
    code: 0,
    stdout: `${describeTable(name, { sessions: 0, keys: 1, counter: "none" })}: 2 found, 2 repaired\n`,
    stderr: `${MISSING_SESSION}: repaired\n${MISSING_COUNTER}: repaired\n`,
  });
  expect(await readItem({ ...table, tableName: name }, "study_session#7")).toEqual({
    pk: "study_session#7",
    ...SESSION,
    owner: HASH,
  });
  expect(await run("--table", name)).toEqual({
    code: 0,
    stdout: `${describeTable(name, { sessions: 1, keys: 1, counter: 7 })}: nothing found\n`,
    stderr: "",
  });

  await put(name, { pk: "user#1" });
  expect(await run("--table", name, "--repair")).toEqual({
    code: 3,
    stdout: `${describeTable(name, { sessions: 1, keys: 1, counter: 7 })}: 1 found, 0 repaired\n`,
    stderr: "user#1 can't be read: an item of an unknown kind\n",
  });
});

test("refuses a table that is not there", async () => {
  expect(await run("--table", "Elsewhere")).toEqual({
    code: 1,
    stdout: "",
    stderr: `Elsewhere can't be used: there is no such table in ${table.endpoint}\n`,
  });
});

test("says that no engine answers", async () => {
  expect(await runWith({ AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^StudySessions can't be used: .*ECONNREFUSED.*\n$/),
  });
});

test("takes the table of npm start when it is given none, and creates neither a folder nor a table", async () => {
  const dataDir = join(folder, "data");
  expect(await runWith({ DATA_DIR: dataDir })).toEqual({
    code: 1,
    stdout: "",
    stderr: `There is no folder ${dataDir} yet: npm start creates it\n`,
  });
  expect(existsSync(dataDir)).toBe(false);

  await mkdir(dataDir);
  expect(await runWith({ DATA_DIR: dataDir })).toEqual({
    code: 1,
    stdout: "",
    stderr: `StudySessions can't be used: there is no such table in ${dataDir}\n`,
  });

  const engine = await startEmbeddedDatabase({ dataDir });
  const client = connectToEngine(engine.endpoint);
  expect((await client.send(new ListTablesCommand())).TableNames).toEqual([]);
  await prepareTable(client, { tableName: "StudySessions", place: dataDir });
  client.destroy();
  expect(await runWith({ DATA_DIR: dataDir })).toEqual({
    code: 0,
    stdout:
      "StudySessions had groups 2, study activities 5, study sessions 0, idempotency keys 0, highest id 0, counter none: " +
      "nothing found\n",
    stderr: "",
  });
  await engine.close();
});
