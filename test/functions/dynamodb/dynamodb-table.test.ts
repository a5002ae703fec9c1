import { randomUUID } from "node:crypto";
import { expect, jest, test } from "@jest/globals";
import { databaseError } from "../../../functions/dynamodb/database-call.ts";
import { readItem } from "../../../functions/dynamodb/item-read.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable, startService } = useTable();

test("every read is consistent, so a replay finds what was just written", async () => {
  const { client, send } = startService();
  const reads = new Map<string, unknown>();
  interceptCalls(client, ({ call, input, forward }) => {
    if (call.startsWith("GetItem")) reads.set(call, input.ConsistentRead);
    return forward();
  });
  const request = createRequest(randomUUID());
  await send(request);
  await send(request);
  expect(Object.fromEntries(reads)).toEqual({
    "GetItem group": true,
    "GetItem study_activity": true,
    "GetItem idempotency_key": true,
    "GetItem study_session": true,
  });
});

const failure = (name: string, code?: string) => Object.assign(new Error(`injected ${name}`), { name, code });

test.each([
  [503, failure("ProvisionedThroughputExceededException")],
  [503, failure("RequestLimitExceeded")],
  [503, failure("ThrottlingException")],
  [503, failure("AbortError")],
  [503, failure("TimeoutError")],
  [503, failure("TimeoutError", "ETIMEDOUT")],
  [500, failure("TimeoutError", "ECONNRESET")],
  [500, failure("TimeoutError", "EPIPE")],
  [500, failure("AccessDeniedException")],
  [500, { name: "ThrottlingException" }],
  [500, { name: "AbortError" }],
  [500, undefined],
])("answers %d to %o of the database, and keeps it for the log", (statusCode, cause) => {
  expect(databaseError(cause, "Database error: the study session could not be saved")).toMatchObject({
    statusCode,
    message:
      statusCode === 503
        ? "Service is busy, try again"
        : "Database error: the study session could not be saved",
    cause,
  });
});

test("says in the log that a call was not started, because its request was over", async () => {
  const { client, tableName } = getTable();
  const request = { client, tableName, signal: AbortSignal.abort(), failure: "" };
  await expect(readItem(request, "group#1")).rejects.toMatchObject({
    statusCode: 503,
    cause: { message: "The request was over" },
  });
});

test.each([
  [500, "AccessDeniedException", "PutItem idempotency_key"],
  [500, "AccessDeniedException", "PutItem study_session"],
  [503, "ThrottlingException", "PutItem idempotency_key"],
  [503, "ThrottlingException", "PutItem study_session"],
])("answers %d to %s of %s, and takes no failed write for a taken key", async (status, name, failing) => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  const { client, send, calls, log } = startService();
  interceptCalls(client, async ({ call, forward }) => {
    if (call === failing) throw failure(name);
    return forward();
  });
  expect(await send(createRequest(randomUUID()))).toMatchObject({ status });
  expect(calls.filter((call) => call === "UpdateItem counter")).toHaveLength(1);
  expect(calls).not.toContain("GetItem study_session");
  expect(log).toMatchObject([{ status, cause: expect.stringContaining(name) }]);
});
