import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { openCopyState } from "../../../lib/sync/copy-state.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { putItem } from "../../support/stored-sessions.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const STATE = {
  settledTo: 50,
  gaps: [{ first: 7, last: 9, since: 120_000, lookedAt: 130_000 }],
  importedTo: 40,
  groups: [[1, 2]] as const,
  studyActivities: [[1, 5]] as const,
};

const { table } = useTableOfTest();

const readState = async () => (await openCopyState(table)).get();

test("keeps the state, but not when a gap was looked at", async () => {
  const stored = await openCopyState(table);
  expect(stored.isNew()).toBe(true);
  await stored.update(STATE);
  expect(stored.isNew()).toBe(false);
  expect(stored.get()).toEqual(STATE);
  const { gaps, ...others } = STATE;
  expect(await readState()).toEqual({ ...others, gaps: gaps.map((gap) => ({ ...gap, lookedAt: 0 })) });
});

test("writes only what differs", async () => {
  const stored = await openCopyState(table);
  await stored.update(STATE);
  const calls: string[] = [];
  interceptCalls(table.client, ({ call, forward }) => {
    calls.push(call);
    return forward();
  });
  await stored.update(STATE);
  await stored.update({ gaps: STATE.gaps.map((gap) => ({ ...gap, lookedAt: 999_000 })) });
  expect(calls).toEqual([]);
  expect(stored.get().gaps).toMatchObject([{ lookedAt: 999_000 }]);
  await stored.update({ settledTo: 51 });
  expect(calls).toEqual(["PutItem portal_copy"]);
});

test("keeps the state in memory alone for a dry run", async () => {
  const stored = await openCopyState({ ...table, isDryRun: true });
  await stored.update(STATE);
  expect(stored.get()).toEqual(STATE);
  expect((await openCopyState(table)).isNew()).toBe(true);
});

test("notices another program, and goes on from its state", async () => {
  const stored = await openCopyState(table);
  await stored.update(STATE);
  const other = await openCopyState(table);
  await other.update({ settledTo: 60 });
  await expect(stored.update({ settledTo: 51 })).rejects.toThrow(
    "Another program copies between this table and a portal. End one of them",
  );
  expect(stored.get().settledTo).toBe(60);
  await stored.update({ settledTo: 61 });
  expect((await readState()).settledTo).toBe(61);
});

test("takes its own write for its own when the response was lost", async () => {
  const stored = await openCopyState(table);
  let lost = 0;
  interceptCalls(table.client, async ({ call, forward }) => {
    const response = await forward();
    if (call !== "PutItem portal_copy" || lost++ > 0) return response;
    throw Object.assign(new Error("injected"), { name: "TimeoutError", code: "ECONNRESET" });
  });
  await stored.update({ settledTo: 3 });
  await stored.update({ settledTo: 4 });
  expect((await readState()).settledTo).toBe(4);
});

test("tries again while the table has no capacity", async () => {
  const stored = await openCopyState(table);
  let throttled = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "PutItemCommand" || throttled++ > 0) return next(args);
        throw new ProvisionedThroughputExceededException({ message: "", $metadata: {} });
      },
    { step: "initialize", name: "lacksCapacity" },
  );
  await stored.update({ settledTo: 3 });
  expect((await readState()).settledTo).toBe(3);
});

test("says that the item can't be read", async () => {
  await putItem(table, { pk: pk.portalCopy, settled_to: "many" });
  await expect(openCopyState(table)).rejects.toThrow(/^portal_copy can't be read: /);
});

test("takes little room", async () => {
  const stored = await openCopyState(table);
  const gaps = Array.from({ length: 500 }, (_, index) => ({
    first: 9_000_000 + index * 20,
    last: 9_000_000 + index * 20 + 1,
    since: 1_795_734_240_000,
    lookedAt: 0,
  }));
  await stored.update({ gaps });
  const command = new GetCommand({
    TableName: table.tableName,
    Key: { pk: pk.portalCopy },
    ReturnConsumedCapacity: "TOTAL",
  });
  expect((await table.client.send(command)).ConsumedCapacity?.CapacityUnits).toBeLessThanOrEqual(2);
});
