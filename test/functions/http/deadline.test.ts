import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { createStudySessionStore } from "../../../functions/sessions/study-session-store.ts";
import { VALID } from "../../support/events.ts";
import { CALLS } from "../../support/fault-scenarios.ts";
import { FAULTS } from "../../support/faults.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable, startService, startServiceBehindProxy } = useTable();

test.each([...CALLS.keyed.reads, ...CALLS.keyed.writes])(
  "%s ends when the signal of its request is aborted, and no other call is started",
  async (hanging) => {
    const { client, calls } = startService();
    const store = createStudySessionStore({ client, tableName: getTable().tableName });
    const request = new AbortController();
    const signals: (AbortSignal | undefined)[] = [];
    interceptCalls(client, (intercepted) => {
      if (intercepted.call !== hanging) return intercepted.forward();
      signals.push(intercepted.signal);
      const hung = FAULTS.hanging(intercepted);
      request.abort();
      return hung;
    });
    const created = store.create({
      request: VALID,
      keyHash: randomUUID(),
      signal: request.signal,
      onRefusedId: () => {},
    });
    await expect(created).rejects.toMatchObject({ statusCode: 503 });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(calls.filter((call) => call === "PutItem study_session")).toEqual([]);
  },
);

test("the deadline aborts what the request still waits for, and the client hears 503", async () => {
  const { client, send, log } = startService();
  await send(createRequest());
  const signals: (AbortSignal | undefined)[] = [];
  interceptCalls(client, (intercepted) => {
    signals.push(intercepted.signal);
    return FAULTS.hanging(intercepted);
  });
  expect(await send(createRequest(), 800)).toMatchObject({
    status: 503,
    body: '{"error":"Service is busy, try again"}',
    headers: { "retry-after": "1", "access-control-allow-origin": "*" },
  });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, true]);
  expect(log.at(-1)).toMatchObject({
    level: "ERROR",
    status: 503,
    cause: expect.stringContaining("The time of the function was over"),
  });
});

test.each([undefined, randomUUID()])(
  "a slow but healthy database gets its time, with the key %s",
  async (key) => {
    const { send } = await startServiceBehindProxy(() => "slow");
    expect(await send(createRequest(key))).toMatchObject({ status: 201 });
  },
);

test.each([
  [400, { body: "{" }],
  [404, { body: '{"group_id":9007199254740991,"study_activity_id":2}' }],
  [413, { body: " ".repeat(20_000) }],
])("no Retry-After goes with %d, which would be the same again", async (status, changes) => {
  const answer = await startService().send({ ...createRequest(), ...changes });
  expect(answer.status).toBe(status);
  expect(answer.headers).not.toHaveProperty("retry-after");
});

test("no Retry-After goes with 500, which waiting does not mend", async () => {
  const { client, send } = startService();
  interceptCalls(client, async () => {
    throw Object.assign(new Error("injected"), { name: "AccessDeniedException" });
  });
  const { status, headers } = await send(createRequest());
  expect(status).toBe(500);
  expect(headers).not.toHaveProperty("retry-after");
});
