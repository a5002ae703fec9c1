import { randomUUID } from "node:crypto";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { getItems } from "../../../functions/dynamodb/table-calls.ts";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { type InterceptedCall, interceptCalls } from "../../support/intercept-calls.ts";
import { listRequest } from "../../support/page-walk.ts";
import { createRequest } from "../../support/requests.ts";
import { clearSessions, sessionWithId, setCounter, storeSessions } from "../../support/stored-sessions.ts";
import { respondWithPart } from "../../support/unprocessed-keys.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

test("every read is consistent, so it finds what was just written", async () => {
  const { client, send } = startService();
  const reads = new Map<string, unknown>();
  interceptCalls(client, ({ call, input, forward }) => {
    if (call.includes("GetItem")) reads.set(call, input);
    return forward();
  });
  const request = createRequest(randomUUID());
  for (const each of [request, request, listRequest()]) await send(each);
  const consistent = { ConsistentRead: true };
  expect(Object.fromEntries(reads)).toMatchObject({
    "GetItem group": consistent,
    "GetItem study_activity": consistent,
    "GetItem idempotency_key": consistent,
    "GetItem study_session": consistent,
    "GetItem counter": consistent,
    "BatchGetItem study_session": { RequestItems: { [table.tableName]: consistent } },
  });
});

test.each([
  [500, "AccessDeniedException", "PutItem idempotency_key"],
  [500, "AccessDeniedException", "PutItem study_session"],
  [503, "ThrottlingException", "PutItem idempotency_key"],
  [503, "ThrottlingException", "PutItem study_session"],
])("a failed write is no taken key: %d after %s of %s", async (status, name, failing) => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  const { client, send, calls, log } = startService();
  interceptCalls(client, async ({ call, forward }) => {
    if (call === failing) throw Object.assign(new Error("injected"), { name });
    return forward();
  });
  expect(await send(createRequest(randomUUID()))).toMatchObject({ status });
  expect(calls.filter((call) => call === "UpdateItem counter")).toHaveLength(1);
  expect(calls).not.toContain("GetItem study_session");
  expect(log).toMatchObject([{ status, cause: expect.stringContaining(name) }]);
});

describe("a batch of items", () => {
  const LAST_ID = 20;
  const IDS = Array.from({ length: LAST_ID }, (_, index) => LAST_ID - index);
  const PAGE = JSON.stringify({ study_sessions: IDS.map(sessionWithId), next: null });

  beforeAll(async () => {
    await clearSessions(table);
    await storeSessions(table, IDS);
    await setCounter(table, LAST_ID);
  });

  /** @param isLeftOut - of a key and the number of the batch, from 1 */
  const startWithParts = (isLeftOut: (key: string, batch: number) => boolean) => {
    const { client, send, log } = startService();
    const batches: InterceptedCall[] = [];
    interceptCalls(client, (intercepted) => {
      if (!intercepted.call.startsWith("BatchGetItem")) return intercepted.forward();
      const number = batches.push(intercepted);
      return respondWithPart(intercepted, (key) => isLeftOut(key, number));
    });
    return { client, send, log, batches };
  };

  test("retries the keys that DynamoDB left out, and no others", async () => {
    const leftOut = [pk.studySession(20), pk.studySession(7), pk.studySession(1)];
    const { send, batches } = startWithParts((key, batch) => batch === 1 && leftOut.includes(key));
    expect(await send(listRequest())).toMatchObject({ status: 200, body: PAGE });
    expect(batches.map(({ keys }) => keys)).toEqual([IDS.map(pk.studySession), leftOut]);
    expect(batches[1]?.input).toMatchObject({
      RequestItems: { [table.tableName]: { ConsistentRead: true } },
    });
  });

  test("retries when DynamoDB left out everything", async () => {
    const { send, batches } = startWithParts((_, batch) => batch <= 2);
    expect(await send(listRequest())).toMatchObject({ status: 200, body: PAGE });
    expect(batches.map(({ keys }) => keys.length)).toEqual([20, 20, 20]);
  });

  test("has the whole page, whatever parts it comes in", async () => {
    const masks = fc.array(fc.uniqueArray(fc.constantFrom(...IDS)), { maxLength: 2 });
    const run = fc.asyncProperty(masks, async (parts) => {
      const leftOut = parts.map((ids) => new Set(ids.map(pk.studySession)));
      const { send } = startWithParts((key, batch) => leftOut[batch - 1]?.has(key) ?? false);
      expect(await send(listRequest())).toMatchObject({ status: 200, body: PAGE });
    });
    await fc.assert(run, { numRuns: 10 });
  });

  test("takes the keys that stay unread for no gap: 503 in time, and no call comes after it", async () => {
    const { send, batches, log } = startWithParts((key) => key === pk.studySession(5));
    expect(await send(listRequest(), 800)).toMatchObject({
      status: 503,
      headers: { "retry-after": "1", "access-control-allow-origin": "*" },
      body: '{"error":"Service is busy, try again"}',
    });
    expect(log).toMatchObject([{ level: "ERROR", status: 503 }]);
    const asked = batches.length;
    expect(asked).toBeGreaterThan(1);
    await turnOfEventLoop();
    expect(batches).toHaveLength(asked);
  });

  test("retries no more when the request is over", async () => {
    const request = new AbortController();
    const { client, batches } = startWithParts((_, batch) => {
      if (batch === 2) request.abort();
      return true;
    });
    const { tableName } = table;
    const options = { client, tableName, signal: request.signal, failure: "failed" };
    await expect(getItems(options, [pk.studySession(1)])).rejects.toMatchObject({ statusCode: 503 });
    expect(batches).toHaveLength(2);
  });

  test("waits longer before each retry", async () => {
    const { send, batches } = startWithParts(() => true);
    await send(listRequest(), 900);
    // Pauses of 25, 50, 100 and 200 ms fit into the 400 ms; without pauses hundreds of batches would.
    expect(batches.length).toBeLessThanOrEqual(5);
  });

  test("does not confuse the items of a batch, and leaves out what does not exist", async () => {
    const { client } = startService();
    const { tableName } = table;
    const options = { client, tableName, signal: new AbortController().signal, failure: "failed" };
    const keys = [3, 21, 1, 99].map(pk.studySession);
    const items = await getItems(options, keys);
    expect([...items].map(([key, { id }]) => [key, id]).toSorted()).toEqual([
      ["study_session#1", 1],
      ["study_session#3", 3],
    ]);
  });
});
