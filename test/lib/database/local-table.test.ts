import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  addReferenceData,
  connectToEngine,
  createTableIfMissing,
} from "../../../lib/database/local-table.ts";
import { openTestTable } from "../../support/test-table.ts";

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
}

let table: Awaited<ReturnType<typeof openTestTable>>;

beforeAll(async () => {
  table = await openTestTable();
});

afterAll(() => table.close());

const readItem = async (pk: string) => {
  const command = new GetCommand({ TableName: table.tableName, Key: { pk }, ConsistentRead: true });
  return (await table.client.send(command)).Item;
};

test("a table that is there keeps its items", async () => {
  await createTableIfMissing(table.client, table.tableName);
  expect(await readItem("study_activity#1")).toMatchObject({ name: "Typing Tutor" });
});

test("a group that is there stays as it is", async () => {
  const group = { pk: "group#1", id: 1, name: "Renamed", words_count: 3 };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: group }));
  await addReferenceData(table.client, table.tableName);
  expect(await readItem("group#1")).toEqual(group);
  expect(await readItem("group#2")).toMatchObject({ name: "Core Adjectives" });
});

test("tells the embedded engine nothing about the SDK", async () => {
  const names: string[] = [];
  const client = connectToEngine(undefined, {
    handle: async ({ headers }: HttpRequest) => {
      names.push(...Object.keys(headers));
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode("{}") } };
    },
  });
  await client.send(new GetItemCommand({ TableName: "StudySessions", Key: { pk: { S: "group#1" } } }));
  expect(names).toContain("x-amz-target");
  expect(names.filter((name) => name.includes("user-agent"))).toEqual([]);
});
