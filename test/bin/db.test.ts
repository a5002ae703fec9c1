import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { storeBrokenTable } from "../support/broken-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { runHere } from "../support/run-here.ts";
import { startCommandProcess, startServiceProcess } from "../support/service-process.ts";

const folder = createFolder();

const start = (variables: Readonly<Record<string, string>>) => {
  const database = startCommandProcess("bin/db.ts", { DATA_DIR: folder, ...variables });
  const listening = database
    .printed(/^ {2}AWS_ENDPOINT_URL_DYNAMODB=/)
    .then((line) => line.replace(/^.*?=/, ""));
  // A process that is expected to fail is looked at by way of `exited` alone.
  listening.catch(() => {});
  return { ...database, listening };
};

test("serves the table with reference data at the address that it prints, until it is ended", async () => {
  const { listening, kill, exited } = start({});
  const client = DynamoDBDocumentClient.from(connectToEngine(await listening));

  const command = new GetCommand({ TableName: "StudySessions", Key: { pk: "group#1" } });
  expect((await client.send(command)).Item).toMatchObject({ name: "Core Verbs" });
  client.destroy();
  kill("SIGTERM");
  expect(await exited).toMatchObject({ code: 0 });
});

test("says where it runs already, or that another program has the port", async () => {
  const endpoint = await start({}).listening;
  const { port } = new URL(endpoint);
  for (const variables of [{}, { PORT: port, DATA_DIR: join(folder, "other") }]) {
    expect(await start(variables).exited).toMatchObject({
      code: 1,
      output: `npm run db already runs at ${endpoint}. End it first, or choose another PORT and DATA_DIR`,
    });
  }
  const service = startServiceProcess({ DATA_DIR: folder });
  expect((await service.exited).output).toMatch(`npm run db already runs at ${endpoint}. `);

  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port: taken } = server.address() as AddressInfo;
  const third = start({ PORT: String(taken), DATA_DIR: join(folder, "other") });
  expect((await third.exited).output).toBe(
    `Another program uses port ${taken} on 127.0.0.1. Choose another port with PORT, as in PORT=8001 npm run db`,
  );
  server.close();
});

test("ends with one line when the engine ends", async () => {
  const DATA_DIR = join(folder, "broken");
  await storeBrokenTable(DATA_DIR, "StudySessions");
  const { code, output } = await start({ DATA_DIR }).exited;
  expect(code).toBe(1);
  expect(output).toMatch(/^The database engine failed: .*$/);
});

test("refuses a wrong variable in one line", async () => {
  const { code, output } = await start({ PORT: "x" }).exited;
  expect(code).toBe(2);
  expect(output).toMatch(/^PORT: "x" is not a port.*$/);
});

test("explains itself when asked", async () => {
  const { code, stdout } = await runHere("bin/db.ts", {}, "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run db\n/);
});
