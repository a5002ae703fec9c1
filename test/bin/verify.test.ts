import { existsSync } from "node:fs";
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

/** Creates a table in which a request has died before it wrote its session, and the counter is missing. */
const createFaultyTable = async () => {
  const { client, tableName } = await openTestTable(table);
  client.destroy();
  const expires_at = Math.ceil(Date.now() / 1000) + 3600;
  await put(tableName, { pk: `idempotency_key#${HASH}`, ...SESSION, expires_at });
  return tableName;
};

const MISSING_SESSION = `idempotency_key#${HASH} has no session: study_session#7 is missing`;
const MISSING_COUNTER = "counter#study_session is missing, but the highest id is 7";

const describeTable = (name: string, sessions: number, counter: number | string) =>
  `${name} had groups 2, study activities 5, study sessions ${sessions}, idempotency keys 1, highest id 7, ` +
  `counter ${counter}`;

test("lists what it finds", async () => {
  const name = await createFaultyTable();
  expect(await run("--table", name)).toEqual({
    code: 3,
    stdout: `${describeTable(name, 0, "none")}: 2 found, 0 repaired\n`,
    stderr: `${MISSING_SESSION}\n${MISSING_COUNTER}\n`,
  });
});

test("repairs what is safe to repair, and lists the rest", async () => {
  const name = await createFaultyTable();
  expect(await run("--table", name, "--repair")).toEqual({
    code: 0,
    stdout: `${describeTable(name, 0, "none")}: 2 found, 2 repaired\n`,
    stderr: `${MISSING_SESSION}: repaired\n${MISSING_COUNTER}: repaired\n`,
  });
  expect(await readItem({ ...table, tableName: name }, "study_session#7")).toEqual({
    pk: "study_session#7",
    ...SESSION,
    owner: HASH,
  });
  expect(await run("--table", name)).toEqual({
    code: 0,
    stdout: `${describeTable(name, 1, 7)}: nothing found\n`,
    stderr: "",
  });

  await put(name, { pk: "user#1" });
  expect(await run("--table", name, "--repair")).toEqual({
    code: 3,
    stdout: `${describeTable(name, 1, 7)}: 1 found, 0 repaired\n`,
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

  await (await startEmbeddedDatabase({ dataDir })).close();
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
  const found = {
    code: 0,
    stdout:
      "StudySessions had groups 2, study activities 5, study sessions 0, idempotency keys 0, highest id 0, counter none: " +
      "nothing found\n",
    stderr: "",
  };
  expect(await runWith({ DATA_DIR: dataDir })).toEqual(found);
  await engine.close();
  expect(await runWith({ DATA_DIR: dataDir })).toEqual(found);
});

test("says that TABLE_NAME is not the name of a table", async () => {
  const { code, stderr } = await runWith({ TABLE_NAME: "x", DATA_DIR: folder });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^TABLE_NAME: "x" is not the name of a table\. Expected 3 to 255 of .*\n$/);
});

test.each([
  ["an argument", ["StudySessions"], "Unexpected argument 'StudySessions'"],
  ["a table that can't be one", ["--table", "a b"], '--table: "a b" is not the name of a table'],
])("shows its usage when called with %s", async (_, args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`^${message}[^]*Usage: npm run verify`));
});

test("explains itself when asked", async () => {
  expect(await run("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: npm run verify/),
    stderr: "",
  });
});
