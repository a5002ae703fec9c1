import { expect, test } from "@jest/globals";
import { callDatabase } from "../../../functions/dynamodb/database-call.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable } = useTable();

const call = (make: () => Promise<unknown>, signal = new AbortController().signal) =>
  callDatabase({ ...getTable(), signal, failure: "could not be saved" }, make);

const error = (name: string, code?: string) => Object.assign(new Error(`injected ${name}`), { name, code });

test.each([
  [503, error("ProvisionedThroughputExceededException")],
  [503, error("RequestLimitExceeded")],
  [503, error("ThrottlingException")],
  [503, error("AbortError")],
  [503, error("TimeoutError")],
  [503, error("TimeoutError", "ETIMEDOUT")],
  [500, error("TimeoutError", "ECONNRESET")],
  [500, error("TimeoutError", "EPIPE")],
  [500, error("AccessDeniedException")],
  [500, { name: "ThrottlingException" }],
  [500, { name: "AbortError" }],
  [500, undefined],
])("makes %d of a call that fails with %o, and keeps the error for the log", async (statusCode, cause) => {
  const message = statusCode === 503 ? "Service is busy, try again" : "could not be saved";
  await expect(call(() => Promise.reject(cause))).rejects.toMatchObject({ statusCode, message, cause });
});

test("starts no call when the request is over, and says so in the log", async () => {
  let calls = 0;
  const count = async () => calls++;
  await expect(call(count, AbortSignal.abort())).rejects.toMatchObject({
    statusCode: 503,
    cause: { message: "The request was over" },
  });
  expect(calls).toBe(0);
});
