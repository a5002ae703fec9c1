import { randomUUID } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  addReferenceData,
  connectToEngine,
  createTableIfMissing,
  prepareTable,
} from "../../../lib/database/local-table.ts";
import referenceData from "../../../lib/database/reference-data.json" with { type: "json" };
import { toItems } from "../../../lib/database/reference-data.ts";
import { putItem } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
}

const { table } = useTable();

test("a table that is there keeps its items", async () => {
  await createTableIfMissing(table.client, table.tableName);
  expect(await readItem(table, "study_activity#1")).toMatchObject({ name: "Typing Tutor" });
});

test("a group that is there stays as it is", async () => {
  const group = { pk: "group#1", id: 1, name: "Renamed", words_count: 3 };
  await putItem(table, group);
  await addReferenceData(table.client, table.tableName);
  expect(await readItem(table, "group#1")).toEqual(group);
  expect(await readItem(table, "group#2")).toMatchObject({ name: "Core Adjectives" });
});

describe("prepares for the service", () => {
  const SAMPLES = toItems(referenceData);
  let tableName: string;

  beforeEach(() => {
    tableName = `StudySessions-${randomUUID()}`;
  });

  const prepare = () => prepareTable(table.client, { tableName, place: table.endpoint });

  const put = async (...items: readonly { readonly pk: string }[]) => {
    for (const item of items) await putItem({ client: table.client, tableName }, item);
  };

  const readAll = async () => {
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: tableName }));
    return Items.map(({ pk }) => pk).toSorted();
  };

  const keysOf = (items: readonly { readonly pk: string }[]) => items.map(({ pk }) => pk).toSorted();

  test("a table that is missing, with the samples", async () => {
    await prepare();
    expect(await readAll()).toEqual(keysOf(SAMPLES));
    await prepare();
    expect(await readAll()).toEqual(keysOf(SAMPLES));
  });

  test.each([0, 1, 6])("a table whose start was ended when it had added %d samples", async (count) => {
    await createTableIfMissing(table.client, tableName);
    await put(...SAMPLES.slice(0, count));
    await prepare();
    expect(await readAll()).toEqual(keysOf(SAMPLES));
  });

  test.each([
    ["a group", [{ pk: "group#7", id: 7, name: "Numbers" }]],
    ["one sample and a group", [...SAMPLES.slice(0, 1), { pk: "group#7", id: 7, name: "Numbers" }]],
    ["nothing but the counter of an import", [{ pk: "counter#study_session", last_id: 0, imported: [] }]],
  ])("a table that has %s, without the samples", async (_, items) => {
    await createTableIfMissing(table.client, tableName);
    await put(...items);
    await prepare();
    expect(await readAll()).toEqual(keysOf(items));
  });
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
