import { beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { attemptWithFaults } from "../support/attempt-with-faults.ts";
import { faultsOf, nameFault, READ_CALLS, READ_KINDS } from "../support/fault-scenarios.ts";
import { FAULTS } from "../support/faults.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import {
  MISBEHAVIOURS,
  type Misbehaviour,
  startMisbehavingDatabase,
} from "../support/misbehaving-database.ts";
import { listRequest, readRequest } from "../support/page-walk.ts";
import { type Request, type Send, sendToHandler } from "../support/send.ts";
import { createService } from "../support/service.ts";
import { sessionWithId, setCounter, storeSessions } from "../support/stored-sessions.ts";
import { useTable } from "../support/use-table.ts";

const { getTable, startService, startServiceBehindProxy } = useTable();

const BUSY = { status: 503, body: '{"error":"Service is busy, try again"}' };

interface Case {
  readonly name: string;
  readonly request: Request;
  /** Its calls to the database, in this order. */
  readonly calls: readonly string[];
  readonly found: object;
  readonly failed: object;
}

const CASES: readonly Case[] = [
  {
    name: "one session",
    request: readRequest(2),
    calls: READ_CALLS.one,
    found: { status: 200, body: JSON.stringify(sessionWithId(2)) },
    failed: { status: 500, body: '{"error":"Database error: the study session could not be read"}' },
  },
  {
    name: "a page",
    request: listRequest("?limit=2"),
    calls: READ_CALLS.page,
    found: {
      status: 200,
      body: JSON.stringify({
        study_sessions: [sessionWithId(3), sessionWithId(2)],
        next: "/api/study-sessions?limit=2&before=2",
      }),
    },
    failed: { status: 500, body: '{"error":"Database error: the study sessions could not be read"}' },
  },
];

beforeAll(async () => {
  await storeSessions(getTable(), [1, 2, 3]);
  await setCounter(getTable(), 3);
});

beforeEach(() => {
  // The SDK waits for a random time before it tries again: not at all in here.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

describe.each(CASES)("reading $name", ({ request, calls, found, failed }) => {
  const cases = faultsOf(calls, READ_KINDS).map((fault) => ({ fault, name: nameFault(fault) }));

  test.each(cases)("responds as in the contract, and a retry succeeds, after $name", async ({ fault }) => {
    const service = startService();
    const sendQuietly: Send = startService().send;
    const { responses } = await attemptWithFaults({ request, faults: [fault], service, sendQuietly });
    const failure = fault.kind === "throttled" || fault.kind === "hanging" ? BUSY : failed;
    const { status, body, headers } = responses[0] ?? {};
    expect({ status, body }).toEqual(fault.once ? found : failure);
    expect(headers?.["retry-after"]).toBe(status === 503 ? "1" : undefined);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "access-control-allow-origin": "*",
    });
    expect(await sendQuietly(request)).toMatchObject(found);
  });

  test.each(calls)("aborts %s at the deadline, and starts no other call", async (hanging) => {
    const { client, send, log, calls: made } = startService();
    const signals: (AbortSignal | undefined)[] = [];
    interceptCalls(client, (intercepted) => {
      if (intercepted.call !== hanging) return intercepted.forward();
      signals.push(intercepted.signal);
      return FAULTS.hanging(intercepted);
    });
    expect(await send(request, 600)).toMatchObject({ ...BUSY, headers: { "retry-after": "1" } });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(made).toEqual(calls.slice(0, calls.indexOf(hanging)));
    const cause = expect.stringContaining("The time of the function was over");
    expect(log).toMatchObject([{ level: "ERROR", status: 503, cause }]);
  });

  const expectResponse = async (misbehaviour: Misbehaviour, expected: object) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[misbehaviour]);
    const { handler, client, log } = createService(database.endpoint, "StudySessions");
    const { status, body, headers } = await sendToHandler(handler)(request);
    client.destroy();
    await database.close();
    expect({ status, body }).toEqual(expected);
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
  ])("responds with 500 when the database %s", (misbehaviour) => expectResponse(misbehaviour, failed));

  test.concurrent.each<Misbehaviour>([
    "hangs",
    "stalls in the middle of a body",
    "throttles the table",
    "throttles the account",
    "throttles",
  ])("responds with 503 when the database %s", (misbehaviour) => expectResponse(misbehaviour, BUSY));

  test("waits for a slow but healthy database", async () => {
    const { send } = await startServiceBehindProxy(() => "slow");
    expect(await send(request)).toMatchObject(found);
  });

  test("makes no call to the database when the request is rejected", async () => {
    const { send, calls: made } = startService();
    for (const { path = "" } of [readRequest(0), listRequest("?limit=0"), listRequest("?a=1")]) {
      expect(await send({ ...request, path })).toMatchObject({ status: 400 });
    }
    expect(made).toEqual([]);
  });
});
