import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { reserveIds } from "../../../lib/import/id-reservation.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { putItem } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const COUNTER = { pk: "counter#study_session" };

const { table } = useTableOfTest({ hasOwnEngine: true });

const reserve = async (highestId: number) => {
  const ids = await reserveIds({ client: table.client, tableName: table.tableName, highestId });
  return [1, 2, 3, 4, 5, 6, 7, 8].filter(ids.has);
};

/** Takes one id, as a create does. */
const takeId = () =>
  table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: COUNTER,
      UpdateExpression: "ADD last_id :one",
      ExpressionAttributeValues: { ":one": 1 },
    }),
  );

const putCounter = (attributes: object) => putItem(table, { ...COUNTER, ...attributes });

const readCounter = () => readItem(table, COUNTER.pk);

test("reserves the ids that the service was not given, and knows those of earlier imports", async () => {
  await takeId();
  expect(await reserve(3)).toEqual([2, 3]);
  expect(await reserve(2)).toEqual([2, 3]);
  await takeId();
  expect(await reserve(6)).toEqual([2, 3, 5, 6]);
});

test("merges ranges that adjoin, so that repeated imports make no create dearer", async () => {
  for (let imports = 1; imports <= 3; imports++) await reserve(1000 * imports);
  expect(await readCounter()).toEqual({ ...COUNTER, last_id: 3000, imported: [{ above: 0, to: 3000 }] });
});

test("merges the ranges that earlier versions left apart", async () => {
  const imported = [
    { above: 0, to: 2 },
    { above: 2, to: 3 },
    { above: 4, to: 5 },
  ];
  await putCounter({ last_id: 5, imported });
  expect(await reserve(7)).toEqual([1, 2, 3, 5, 6, 7]);
  expect((await readCounter())?.imported).toEqual([
    { above: 0, to: 3 },
    { above: 4, to: 7 },
  ]);
});

test.each([
  ["is at 0", { last_id: 0 }],
  ["has no last_id", {}],
  ["is below 0", { last_id: -5 }],
])("a counter that %s gave out no id", async (_, attributes) => {
  await putCounter(attributes);
  expect(await reserve(3)).toEqual([1, 2, 3]);
  expect(await readCounter()).toEqual({ ...COUNTER, last_id: 3, imported: [{ above: 0, to: 3 }] });
});

test("leaves a counter even when there is no id to reserve", async () => {
  expect(await reserve(0)).toEqual([]);
  expect(await readCounter()).toMatchObject({ last_id: 0 });
});

test.each([
  [{ last_id: "7" }, 'its last_id is "7"'],
  [{ last_id: 1.5 }, "its last_id is 1.5"],
  [{ last_id: 7, imported: "all" }, 'its imported is "all"'],
])("says that the counter %j can't be read", async (attributes, reason) => {
  await putCounter(attributes);
  await expect(reserve(9)).rejects.toThrow(`${COUNTER.pk} can't be read: ${reason}`);
  expect(await readCounter()).toEqual({ ...COUNTER, ...attributes });
});

test("gives up when the counter changes in the middle of every attempt", async () => {
  let reads = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        if (commandName !== "GetItemCommand") return result;
        reads++;
        await takeId();
        return result;
      },
    { step: "initialize", name: "takesIds" },
  );
  await expect(reserve(1_000_000)).rejects.toThrow(
    "Too many sessions are being created at the same time. Try again later",
  );
  expect(reads).toBe(100);
  expect(await readCounter()).toEqual({ ...COUNTER, last_id: 100 });
});

test("ends when the counter can't be written", async () => {
  interceptCalls(table.client, async ({ call, forward }) => {
    if (call === "UpdateItem counter") throw new Error("injected");
    return forward();
  });
  await expect(reserve(3)).rejects.toThrow("injected");
});
