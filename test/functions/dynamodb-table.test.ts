import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { databaseError } from "../../functions/dynamodb-table.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import { createRequest } from "../support/requests.ts";
import { useTable } from "../support/use-table.ts";

const { startService } = useTable();

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
  expect(databaseError(cause)).toMatchObject({
    statusCode,
    message:
      statusCode === 503
        ? "Service is busy, try again"
        : "Database error: the study session could not be saved",
    cause,
  });
});
