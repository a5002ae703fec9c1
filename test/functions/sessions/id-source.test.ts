import { expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { createRequest } from "../../support/requests.ts";
import { clearSessions, putItem, setCounter } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

test.each([
  ["a text", "7"],
  ["a list", []],
  ["followed by 0", -1],
  ["negative", -7],
  ["a fraction", 0.5],
  ["at 2^53-1", Number.MAX_SAFE_INTEGER],
])("a counter that is %s gets 500, and no session is written", async (_, lastId) => {
  for (const key of [undefined, `key-${lastId}`]) {
    await setCounter(table, lastId);
    const { send, calls, log } = startService();
    expect(await send(createRequest(key))).toMatchObject({
      status: 500,
      body: expect.stringMatching(/^{"error":"[^"]+"}$/),
    });
    expect(calls.filter((call) => call.startsWith("PutItem"))).toEqual([]);
    expect(log).toMatchObject([{ level: "ERROR", status: 500, cause: expect.stringContaining("Error") }]);
  }
});

test("a block that does not begin with a valid id gets 500, and no session is written", async () => {
  await setCounter(table, -1);
  const { send, calls } = startService({ idBlockSize: 3 });
  expect(await send(createRequest())).toMatchObject({ status: 500 });
  expect(calls.filter((call) => call.startsWith("PutItem"))).toEqual([]);
});

test.each([
  [1, 100],
  [3, 200],
])("hands out ids in blocks of %d without a gap", async (idBlockSize, lastId) => {
  await setCounter(table, lastId);
  const { send, calls } = startService({ idBlockSize });
  const ids: number[] = [];
  for (let turn = 0; turn < 6; turn++) ids.push(JSON.parse((await send(createRequest())).body).id);
  expect(ids).toEqual([1, 2, 3, 4, 5, 6].map((turn) => lastId + turn));
  expect(calls.filter((call) => call === "UpdateItem counter")).toHaveLength(6 / idBlockSize);
});

test.each([
  ["no counter", undefined],
  ["a counter without an id", {}],
  ["a counter at 0", { last_id: 0 }],
])("a table that has %s begins with id 1", async (_, counter) => {
  await clearSessions(table);
  if (counter) await putItem(table, { pk: pk.counter, ...counter });
  const { body } = await startService().send(createRequest());
  expect(JSON.parse(body).id).toBe(1);
});
