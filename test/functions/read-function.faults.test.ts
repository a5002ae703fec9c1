import { beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { attemptWithFaults } from "../support/attempt-with-faults.ts";
import { faultsOf, nameFault, READ_CALLS, READ_KINDS } from "../support/fault-scenarios.ts";
import { FAULTS } from "../support/faults.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import { listRequest, readRequest } from "../support/page-walk.ts";
import type { Request, Send } from "../support/send.ts";
import { sessionWithId, setCounter, storeSessions } from "../support/stored-sessions.ts";
import { useTable } from "../support/use-table.ts";

const { table, startService } = useTable();

const BUSY = { status: 503, body: '{"error":"Service is busy, try again"}' };

interface Case {
  readonly name: string;
  readonly request: Request;
  /** The calls to the database, in their order. */
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
  await storeSessions(table, [1, 2, 3]);
  await setCounter(table, 3);
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
    expect(await send(request, 1500)).toMatchObject({ ...BUSY, headers: { "retry-after": "1" } });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(made).toEqual(calls.slice(0, calls.indexOf(hanging)));
    const cause = expect.stringContaining("The time of the function was over");
    expect(log).toMatchObject([{ level: "ERROR", status: 503, cause }]);
  });
});
