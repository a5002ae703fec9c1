import { createHash, randomUUID } from "node:crypto";
import { expect, jest, test } from "@jest/globals";
import type { LogEntry } from "../../../functions/http/request-log.ts";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, withToken } from "../../support/events.ts";
import { FAULTS } from "../../support/faults.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { createRequest } from "../../support/requests.ts";
import { putItem, setCounter } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

const withIds = (key: string, group_id: unknown) => ({
  ...createRequest(key),
  body: JSON.stringify({ group_id, study_activity_id: 2 }),
});

/** @returns what each entry says about the outcome and the key, and no member that the entry lacks */
const describeLog = (log: readonly LogEntry[]) =>
  log.map((entry) =>
    Object.fromEntries(
      ["status", "id", "replayed", "keyHash"]
        .filter((name) => entry[name] !== undefined)
        .map((name) => [name, entry[name]]),
    ),
  );

test("logs one line for a session", async () => {
  const { send, log } = startService();
  const { body } = await send(createRequest());
  expect(log).toEqual([
    {
      timestamp: expect.stringMatching(/Z$/),
      level: "INFO",
      requestId: expect.any(String),
      status: 201,
      durationMs: expect.any(Number),
      ...JSON.parse(body),
      replayed: false,
    },
  ]);
});

test("logs the reason for a rejection, and nothing else that was sent", async () => {
  const secret = "s3cret";
  const { send, log } = startService();
  await send({
    headers: { "content-type": "application/json", authorization: secret, "idempotency-key": secret },
    body: JSON.stringify({ group_id: secret, study_activity_id: 2, [secret]: secret }),
  });
  expect(log).toMatchObject([{ level: "WARN", status: 400, error: "group_id must be a positive integer" }]);
  expect(JSON.stringify(log)).not.toContain(secret);
});

test("logs whether a create was a replay, with the beginning of its key's hash", async () => {
  const key = `key-${randomUUID()}`;
  const { send, log } = startService();
  const { id } = JSON.parse((await send(createRequest(key))).body);
  await send(createRequest(key));
  await send(createRequest());
  const keyHash = hashOf(key).slice(0, 16);
  expect(describeLog(log)).toEqual([
    { status: 201, id, replayed: false, keyHash },
    { status: 201, id, replayed: true, keyHash },
    { status: 201, id: expect.any(Number), replayed: false },
  ]);
  expect(JSON.stringify(log)).not.toContain(key);
});

test("logs the hash of a user's key, and neither the key nor the user", async () => {
  const key = `key-${randomUUID()}`;
  const { handler, log } = startService();
  const event = createEvent({ headers: { "content-type": "application/json", "idempotency-key": key } });
  await handler(withToken(event, { sub: "user-1" }), createContext(6000));
  expect(log).toMatchObject([
    { status: 201, replayed: false, keyHash: hashOf(`${key} user-1`).slice(0, 16) },
  ]);
  expect(JSON.stringify(log)).not.toMatch(/key-|user-1/);
});

test.each([
  [404, (key: string) => ({ request: withIds(key, 4711) })],
  [422, (key: string) => ({ request: withIds(key, 2), before: createRequest(key) })],
])("logs the hash with a rejection by %d", async (status, plan) => {
  const key = `key-${randomUUID()}`;
  const { request, before } = { before: undefined, ...plan(key) };
  if (before) await startService().send(before);
  const { send, log } = startService();
  await send(request);
  expect(describeLog(log)).toEqual([{ status, keyHash: hashOf(key).slice(0, 16) }]);
  expect(JSON.stringify(log)).not.toContain(key);
});

const FAILURES = [
  [500, "PutItem study_session", "refused"],
  [500, "GetItem idempotency_key", "refused"],
  [503, "PutItem idempotency_key", "throttled"],
  [503, "PutItem study_session", "hanging"],
] as const;

test.each(FAILURES)("logs the hash with %d when %s is %s", async (status, failing, fault) => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  const key = `key-${randomUUID()}`;
  const { client, send, log } = startService();
  interceptCalls(client, (intercepted) =>
    intercepted.call === failing ? FAULTS[fault](intercepted) : intercepted.forward(),
  );
  await send(createRequest(key), 1000);
  expect(describeLog(log)).toEqual([{ status, keyHash: hashOf(key).slice(0, 16) }]);
  expect(JSON.stringify(log)).not.toContain(key);
});

test("logs the hash with a 500 for a record that can't be read, whose cause names no key", async () => {
  const key = `key-${randomUUID()}`;
  await putItem(table, { pk: pk.idempotencyKey(hashOf(key)), id: "broken" });
  const { send, log } = startService();
  await send(createRequest(key));
  expect(log).toMatchObject([{ status: 500, cause: expect.stringContaining("ValiError") }]);
  expect(describeLog(log)).toEqual([{ status: 500, keyHash: hashOf(key).slice(0, 16) }]);
  expect(JSON.stringify(log)).not.toContain(key);
});

test("logs the hash with an id that another request has", async () => {
  const { id } = JSON.parse((await startService().send(createRequest())).body);
  await setCounter(table, id - 1);
  const key = `key-${randomUUID()}`;
  const { send, log } = startService();
  await send(createRequest(key));
  const keyHash = hashOf(key).slice(0, 16);
  expect(describeLog(log)).toEqual([{ keyHash }, { status: 201, id: id + 1, replayed: false, keyHash }]);
  expect(JSON.stringify(log)).not.toContain(key);
});

const UNREAD_KEYS = [
  ["that is malformed", 400, "key- with spaces", {}],
  ["of a request with a wrong body", 400, "key-1", { body: '{"group_id":"key-","study_activity_id":2}' }],
  ["of a request that is not JSON", 400, "key-1", { body: "key-" }],
  ["of a request of another type", 415, "key-1", { headers: { "idempotency-key": "key-1" } }],
] as const;

test.each(UNREAD_KEYS)("logs nothing of a key %s", async (_, status, key, changes) => {
  const { send, log } = startService();
  await send({ ...createRequest(key), ...changes });
  expect(describeLog(log)).toEqual([{ status }]);
  expect(JSON.stringify(log)).not.toContain("key-");
});
