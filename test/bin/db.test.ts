import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { storeBrokenTable } from "../support/broken-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { runHere } from "../support/run-here.ts";
import { startCommandProcess } from "../support/service-process.ts";
import { readItem } from "../support/test-table.ts";

const folder = createFolder();

const start = (variables: Readonly<Record<string, string>> = {}) =>
  startCommandProcess("bin/db.ts", { DATA_DIR: folder, ...variables });

test("serves the table with reference data at the address that it prints, is named there, and ends", async () => {
  const database = start();
  const endpoint = (await database.printed(/^ {2}AWS_ENDPOINT_URL_DYNAMODB=/)).replace(/^.*?=/, "");
  const client = DynamoDBDocumentClient.from(connectToEngine(endpoint));
  const group = await readItem({ client, tableName: "StudySessions" }, "group#1");
  client.destroy();
  expect(group).toMatchObject({ name: "Core Verbs" });

  const ofPort = { PORT: new URL(endpoint).port, DATA_DIR: join(folder, "other") };
  const ofFolder = { PORT: "0", DATA_DIR: folder };
  const starts = [
    { script: "bin/db.ts", variables: ofPort },
    { script: "bin/db.ts", variables: ofFolder },
    { script: "bin/start.ts", variables: ofFolder },
  ];
  for (const { script, variables } of starts) {
    expect(await runHere(script, variables)).toEqual({
      code: 1,
      stdout: "",
      stderr: `npm run db already runs at ${endpoint}. End it first, or choose another PORT and DATA_DIR\n`,
    });
  }

  database.kill("SIGTERM");
  expect(await database.exited).toMatchObject({ code: 0 });
});

test("says that another program has the port", async () => {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const variables = { PORT: String(port), DATA_DIR: join(folder, "other") };
  const { code, stderr } = await runHere("bin/db.ts", variables);
  server.close();
  const advice = "Choose another port with PORT, as in PORT=8001 npm run db";
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `Another program uses port ${port} on 127.0.0.1. ${advice}\n`,
  });
});

test("ends with one line when the engine ends", async () => {
  const DATA_DIR = join(folder, "broken");
  await storeBrokenTable(DATA_DIR, "StudySessions");
  const { code, output } = await start({ DATA_DIR }).exited;
  expect(code).toBe(1);
  expect(output).toMatch(/^The database engine failed: .*$/);
});
