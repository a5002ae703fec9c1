import { randomUUID } from "node:crypto";
import { expect, jest, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { ownerOfKey } from "../../../functions/sessions/session-owner.ts";
import { FAULTS } from "../../support/faults.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { createRequest } from "../../support/requests.ts";
import { removeItem, setCounter } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const recordOf = (key: string) => pk.idempotencyKey(ownerOfKey(key));

/** Starts a service that runs `interfere` before the n-th attempt at a call. When `interfere` throws, the call fails. */
const startServiceWithInterference = (
  call: string,
  attempt: number,
  interfere: (forward: () => Promise<unknown>) => unknown,
) => {
  const service = startService();
  let seen = 0;
  interceptCalls(service.client, async (intercepted) => {
    if (intercepted.call === call && ++seen === attempt) await interfere(intercepted.forward);
    return intercepted.forward();
  });
  return service;
};

const loseResponse = async (forward: () => Promise<unknown>) => {
  await forward();
  return FAULTS.refused();
};

test("a record expires a day after now, in seconds, and not much later", async () => {
  const key = randomUUID();
  const before = Date.now() / 1000;
  await startService().send(createRequest(key));
  const record = await readItem(table, recordOf(key));
  expect(Number.isInteger(record?.expires_at)).toBe(true);
  expect(record?.expires_at).toBeGreaterThanOrEqual(before + 86_400);
  expect(record?.expires_at).toBeLessThanOrEqual(before + 86_400 + 60);
});

test.each(["PutItem idempotency_key", "PutItem study_session"])(
  "our own %s, sent twice by the SDK, is no replay",
  async (call) => {
    const { send, calls } = startServiceWithInterference(call, 1, loseResponse);
    const response = await send(createRequest(randomUUID()));
    expect(response.status).toBe(201);
    expect(response.headers).not.toHaveProperty("idempotent-replayed");
    expect(calls).toContain(call);
  },
);

test("our own move to another id, sent twice by the SDK, is no replay", async () => {
  const quiet = startService();
  const { id } = JSON.parse((await quiet.send(createRequest())).body);
  await setCounter(table, id - 1);
  const { send } = startServiceWithInterference("PutItem idempotency_key", 2, loseResponse);
  const response = await send(createRequest(randomUUID()));
  expect(response).toMatchObject({ status: 201, body: expect.stringContaining(`"id":${id + 1},`) });
  expect(response.headers).not.toHaveProperty("idempotent-replayed");
});

test("the session of a request with the key that was faster is a replay", async () => {
  const request = createRequest(randomUUID());
  let twin: unknown;
  const { send } = startServiceWithInterference("PutItem idempotency_key", 1, async () => {
    twin = (await startService().send(request)).body;
  });
  const response = await send(request);
  expect(response).toMatchObject({ status: 201, body: twin, headers: { "idempotent-replayed": "true" } });
});

test("a faster request with the key and other ids gets the later one 422", async () => {
  const request = createRequest(randomUUID());
  const { send, calls } = startServiceWithInterference("PutItem idempotency_key", 1, () =>
    startService().send({ ...request, body: JSON.stringify({ group_id: 1, study_activity_id: 1 }) }),
  );
  expect(await send(request)).toMatchObject({
    status: 422,
    body: '{"error":"Idempotency-Key was already used with a different request"}',
  });
  expect(calls).not.toContain("PutItem study_session");
});

test("a record that is gone between its refused write and its read gets 503, and a retry 201", async () => {
  const key = randomUUID();
  const request = createRequest(key);
  const { client, send, calls, log } = startServiceWithInterference("PutItem idempotency_key", 1, () =>
    startService().send(request),
  );
  let reads = 0;
  interceptCalls(client, async ({ call, forward }) => {
    if (call === "GetItem idempotency_key" && ++reads === 2) await removeItem(table, recordOf(key));
    return forward();
  });
  expect(await send(request)).toMatchObject({
    status: 503,
    body: '{"error":"Service is busy, try again"}',
    headers: { "retry-after": "1" },
  });
  expect(calls).not.toContain("PutItem study_session");
  expect(log).toMatchObject([
    { cause: expect.stringContaining(`${recordOf(key)} expired while it was in use`) },
  ]);
  expect(await send(request)).toMatchObject({ status: 201 });
});

test("the record of a moved key lives for a day from then on", async () => {
  const { id } = JSON.parse((await startService().send(createRequest())).body);
  await setCounter(table, id - 1);
  const key = randomUUID();
  const later = Date.now() + 5000;
  const { send } = startServiceWithInterference("PutItem study_session", 1, () => {
    jest.spyOn(Date, "now").mockReturnValue(later);
  });
  await send(createRequest(key));
  const record = await readItem(table, recordOf(key));
  expect(record?.expires_at).toBe(Math.ceil(later / 1000) + 86_400);
});
