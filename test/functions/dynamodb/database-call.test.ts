import { describe, expect, test } from "@jest/globals";
import { callDatabase } from "../../../functions/dynamodb/database-call.ts";
import {
  MISBEHAVIOURS,
  type Misbehaviour,
  startMisbehavingDatabase,
} from "../../support/misbehaving-database.ts";
import { createRequest } from "../../support/requests.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { useTable } from "../../support/use-table.ts";

const { table } = useTable();

const BUSY = "Service is busy, try again";

const call = (make: () => Promise<unknown>, signal = new AbortController().signal) =>
  callDatabase({ ...table, signal, failure: "could not be saved" }, make);

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
  const message = statusCode === 503 ? BUSY : "could not be saved";
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

describe("a create over a real connection", () => {
  const expectResponse = async (misbehaviour: Misbehaviour, status: number, error: string) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[misbehaviour]);
    const { handler, client, log } = createService(database.endpoint, "StudySessions");
    const { headers, ...response } = await sendToHandler(handler)(createRequest());
    client.destroy();
    await database.close();
    expect(response).toEqual({ status, body: JSON.stringify({ error }) });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "access-control-allow-origin": "*",
    });
    expect(headers["retry-after"]).toBe(status === 503 ? "1" : undefined);
    expect(log).toMatchObject([{ level: "ERROR", status, cause: expect.stringMatching(/Error|Exception/) }]);
  };

  test.concurrent.each<Misbehaviour>([
    "resets the connection",
    "closes the connection",
    "responds with no JSON",
    "responds with 500",
    "refuses access",
    "has no such table",
  ])("gets 500 when the database %s", (misbehaviour) =>
    expectResponse(misbehaviour, 500, "Database error: the study session could not be saved"),
  );

  test.concurrent.each<Misbehaviour>([
    "hangs",
    "stalls in the middle of a body",
    "throttles the table",
    "throttles the account",
    "throttles",
  ])("gets 503 when the database %s", (misbehaviour) => expectResponse(misbehaviour, 503, BUSY));
});
