import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import type { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test } from "@jest/globals";
import { type Item, writeItems } from "../../../lib/import/item-writer.ts";
import { readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const { table } = useTable();

afterEach(() => {
  table.client.middlewareStack.remove("lacksCapacity");
});

const createItems = (prefix: string, count: number, value = "new") =>
  Array.from({ length: count }, (_, index) => ({ pk: `${prefix}#${index}`, value }));

const expectStored = async (items: readonly { readonly pk: string }[]) =>
  expect(await Promise.all(items.map(({ pk }) => readItem(table, pk)))).toEqual(items);

const put = async (items: readonly Item[], obsoleteKeys: readonly string[] = []) => {
  const progress: number[] = [];
  const refused: (readonly [key: string, reason: string])[] = [];
  await writeItems({
    client: table.client,
    tableName: table.tableName,
    items,
    obsoleteKeys,
    onRefused: ({ pk }, reason) => refused.push([pk, reason]),
    onProgress: (done) => progress.push(done),
    firstPauseMs: 1,
  });
  return { progress, refused };
};

/** Makes the engine, or DynamoDB in its place, take only this many items of a call. */
const limitCapacity = (itemsOfCall: (call: number) => number | "throttled") => {
  let call = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const { RequestItems = {} } = args.input as BatchWriteCommand["input"];
      const requests = RequestItems[table.tableName] ?? [];
      const taken = itemsOfCall(++call);
      if (taken === "throttled")
        throw new ProvisionedThroughputExceededException({ message: "", $metadata: {} });
      if (taken === 0) return { output: { UnprocessedItems: RequestItems, $metadata: {} }, response: {} };
      const input = { ...args.input, RequestItems: { [table.tableName]: requests.slice(0, taken) } };
      const { output, response } = await next({ ...args, input });
      const rest = requests.slice(taken);
      const UnprocessedItems = rest.length > 0 ? { [table.tableName]: rest } : {};
      return { output: { ...output, UnprocessedItems }, response };
    },
    { step: "initialize", priority: "high", name: "lacksCapacity" },
  );
  return () => call;
};

test("writes any number of items, 25 at a time, and tells how far it is", async () => {
  const items = createItems("many", 60);

  expect(await put(items)).toEqual({ progress: [25, 50, 60], refused: [] });

  await expectStored(items);
});

test("overwrites what is there, and can be repeated", async () => {
  await put(createItems("again", 3, "old"));
  const items = createItems("again", 3);

  await put(items);
  await put(items);

  await expectStored(items);
});

test("repeats only what the table had no capacity for", async () => {
  const items = createItems("unprocessed", 25);
  const calls = limitCapacity((call) => [10, 0][call - 1] ?? 25);

  expect(await put(items)).toEqual({ progress: [25], refused: [] });

  expect(calls()).toBe(3);
  await expectStored(items);
});

test("repeats a batch that was throttled as a whole", async () => {
  const items = createItems("throttled", 5);
  const calls = limitCapacity((call) => (call === 1 ? "throttled" : 25));

  await put(items);

  expect(calls()).toBe(2);
  await expectStored(items);
});

const TOO_LARGE = "Item size has exceeded the maximum allowed size";
/** The embedded engine refuses a request above 16 MB before it reads the items. */
const ABOVE_REQUEST = process.env.AWS_ENDPOINT_URL_DYNAMODB
  ? TOO_LARGE
  : "Item is larger than a request may be";

test("writes everything but an item that is too large", async () => {
  const items = createItems("beside", 30, "new");
  const large = { pk: "large", value: "x".repeat(500_000) };
  expect(await put(items.toSpliced(10, 0, large))).toEqual({
    progress: [25, 31],
    refused: [["large", TOO_LARGE]],
  });
  await expectStored(items);
  expect(await readItem(table, "large")).toBeUndefined();
});

test("refuses an item that is larger than a request may be", async () => {
  const large = { pk: "large", value: "x".repeat(17_000_000) };
  expect(await put([large])).toEqual({ progress: [1], refused: [["large", ABOVE_REQUEST]] });
});

test("deletes nothing when the items can't be written", async () => {
  await put(createItems("left", 1));
  limitCapacity((call) => (call > 10 ? 25 : 0));
  await expect(put(createItems("lost", 1), ["left#0"])).rejects.toThrow("no capacity");
  await expectStored(createItems("left", 1));
});

test("ends with a failure that concerns no single item", async () => {
  table.client.middlewareStack.add(
    () => async () => {
      throw new Error("ended");
    },
    { step: "initialize", priority: "high", name: "lacksCapacity" },
  );
  await expect(put(createItems("ended", 2))).rejects.toThrow("ended");
});

test("deletes what is obsolete, and only once everything is written", async () => {
  await put(createItems("obsolete", 30));
  const items = createItems("kept", 3);
  const keys = createItems("obsolete", 30).map(({ pk }) => pk);
  const calls = limitCapacity((call) => (call === 1 ? 1 : 25));
  expect(await put(items, [...keys, "absent"])).toEqual({ progress: [3, 28, 34], refused: [] });
  expect(calls()).toBe(4);
  await expectStored(items);
  expect(await Promise.all(keys.map((key) => readItem(table, key)))).toEqual(keys.map(() => undefined));
});

test("gives up when the table has no capacity for a long time", async () => {
  const calls = limitCapacity(() => 0);

  await expect(put(createItems("never", 4))).rejects.toThrow(
    "The table had no capacity for 4 items, after 10 attempts. Try again later",
  );

  expect(calls()).toBe(10);
  expect(await readItem(table, "never#0")).toBeUndefined();
});
