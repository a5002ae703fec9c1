import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { reserveIds } from "../../../lib/import/id-reservation.ts";
import { openTestTable } from "../../support/test-table.ts";

const COUNTER = { pk: "counter#study_session" };

let table: Awaited<ReturnType<typeof openTestTable>>;

beforeEach(async () => {
  table = await openTestTable();
});

afterEach(() => table.close());

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

test("reserves the ids that the service was not given, and knows those of earlier imports", async () => {
  await takeId();
  expect(await reserve(3)).toEqual([2, 3]);
  expect(await reserve(2)).toEqual([2, 3]);
  await takeId();
  expect(await reserve(6)).toEqual([2, 3, 5, 6]);
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
  table.client.middlewareStack.remove("takesIds");
  const { Item } = await table.client.send(new GetCommand({ TableName: table.tableName, Key: COUNTER }));
  expect(Item).toEqual({ ...COUNTER, last_id: 100 });
});
