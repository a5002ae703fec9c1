import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test } from "@jest/globals";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { storeBrokenTable } from "../support/broken-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { startServiceProcess } from "../support/service-process.ts";

const folder = createFolder();

const processes: ChildProcess[] = [];

afterEach(() => {
  for (const process of processes.splice(0)) process.kill();
});

const start = (variables: Record<string, string>, ...args: string[]) => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/../../bin/db.ts`, ...args], {
    env: { ...process.env, DATA_DIR: folder, ...variables },
  });
  processes.push(child);
  return child;
};

test("serves the table with reference data at the address that it prints, until it is ended", async () => {
  const database = start({ PORT: "0" });
  const [banner] = await once(database.stdout, "data");
  const endpoint = /AWS_ENDPOINT_URL_DYNAMODB=(\S+)/.exec(banner)?.[1] ?? "";
  const client = DynamoDBDocumentClient.from(connectToEngine(endpoint));

  const command = new GetCommand({ TableName: "StudySessions", Key: { pk: "group#1" } });
  expect((await client.send(command)).Item).toMatchObject({ name: "Core Verbs" });
  client.destroy();
  database.kill();
  expect(await once(database, "exit")).toEqual([0, null]);
});

test("says where it runs already, or that another program has the port", async () => {
  const database = start({ PORT: "0" });
  const [banner] = await once(database.stdout, "data");
  const endpoint = /AWS_ENDPOINT_URL_DYNAMODB=(\S+)/.exec(banner)?.[1] ?? "";
  const { port } = new URL(endpoint);
  for (const variables of [{ PORT: "0" }, { PORT: port, DATA_DIR: join(folder, "other") }]) {
    const second = start(variables);
    const exited = once(second, "exit");
    expect(await text(second.stderr)).toBe(
      `npm run db already runs at ${endpoint}. End it first, or choose another PORT and DATA_DIR\n`,
    );
    expect(await exited).toEqual([1, null]);
  }
  const service = startServiceProcess({ DATA_DIR: folder });
  expect((await service.exited).output).toMatch(`npm run db already runs at ${endpoint}. `);

  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port: taken } = server.address() as AddressInfo;
  const third = start({ PORT: String(taken), DATA_DIR: join(folder, "other") });
  expect(await text(third.stderr)).toBe(
    `Another program uses port ${taken} on 127.0.0.1. Choose another port with PORT, as in PORT=8001 npm run db\n`,
  );
  server.close();
});

test("ends with one line when the engine ends", async () => {
  const DATA_DIR = join(folder, "broken");
  await storeBrokenTable(DATA_DIR, "StudySessions");
  const database = start({ PORT: "0", DATA_DIR });
  const [errors, exit] = await Promise.all([text(database.stderr), once(database, "exit")]);
  expect(errors).toMatch(/^The database engine failed: .*\n$/);
  expect(exit).toEqual([1, null]);
});

test.each([
  [{ TABLE_NAME: "a b" }, /^TABLE_NAME: "a b" is not the name of a table\. Expected 3 to 255 of .*\n$/],
  [{ DATA_DIR: "" }, /^DATA_DIR is empty.*\n$/],
  [{ PORT: "x" }, /^PORT: "x" is not a port.*\n$/],
])("refuses %j in one line", async (variables, message) => {
  const database = start({ PORT: "0", ...variables });
  const [errors, exit] = await Promise.all([text(database.stderr), once(database, "exit")]);
  expect(errors).toMatch(message);
  expect(exit).toEqual([2, null]);
});

test("explains itself, and takes no arguments", async () => {
  const asked = start({}, "--help");
  const [usage] = await once(asked.stdout, "data");
  expect(String(usage)).toMatch(/^Usage: npm run db\n/);
  expect(await once(asked, "exit")).toEqual([0, null]);
  expect(await once(start({}, "now"), "exit")).toEqual([2, null]);
});
