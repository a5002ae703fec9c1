import { createHash, randomUUID } from "node:crypto";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pk } from "../../functions/item-keys.ts";
import type { StudySessionRequest } from "../../functions/study-session.ts";
import { createStudySessionStore, type StudySessionStore } from "../../functions/study-session-store.ts";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import { openTestTable, readItem, type TestTable } from "../support/test-table.ts";

const REQUEST = { group_id: 1, study_activity_id: 2 } as const;
const neverAborted = () => new AbortController().signal;

let table: TestTable;
let store: StudySessionStore;

beforeAll(async () => {
  table = await openTestTable();
  store = createStudySessionStore({ client: table.client, tableName: table.tableName });
});

afterAll(() => table.close());

/** A store on a connection of its own that notes each call with the number of round trips that it comes after. */
const observeCalls = (idBlockSize = 1) => {
  const client = DynamoDBDocumentClient.from(connectToEngine(table.endpoint));
  const calls: [call: string, roundTrip: number][] = [];
  let finished = 0;
  interceptCalls(client, async ({ call, forward }) => {
    const roundTrip = finished + 1;
    calls.push([call, roundTrip]);
    const response = await forward();
    finished = Math.max(finished, roundTrip);
    return response;
  });
  return { calls, observed: createStudySessionStore({ client, tableName: table.tableName, idBlockSize }) };
};

const create = async (idempotencyKey?: string, request: StudySessionRequest = REQUEST) =>
  store.create(request, idempotencyKey, neverAborted());

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("without a key", () => {
  test("gives 200 parallel creates 200 different ids", async () => {
    const created = await Promise.all(range(1, 200).map(() => create()));
    expect(new Set(created.map(({ session }) => session.id)).size).toBe(200);
  });

  test("stores the session that it returns, and an owner of its own", async () => {
    const [first, second] = await Promise.all([create(), create()]);
    const [stored, other] = await Promise.all(
      [first, second].map(({ session }) => readItem(table, pk.studySession(session.id))),
    );
    expect(stored).toEqual({
      pk: pk.studySession(first.session.id),
      ...first.session,
      owner: expect.any(String),
    });
    expect(stored?.owner).not.toBe(other?.owner);
  });

  test("needs two round trips", async () => {
    const { calls, observed } = observeCalls();
    await observed.create(REQUEST, undefined, neverAborted());
    expect(calls).toEqual([
      ["GetItem group", 1],
      ["GetItem study_activity", 1],
      ["UpdateItem counter", 1],
      ["PutItem study_session", 2],
    ]);
  });

  test("never overwrites a session of another request", async () => {
    const { session } = await create();
    const id = session.id + 1000;
    const other = { pk: pk.studySession(id), id, owner: "somebody else" };
    const TableName = table.tableName;
    await table.client.send(new PutCommand({ TableName, Item: other }));
    await table.client.send(new PutCommand({ TableName, Item: { pk: pk.counter, last_id: id - 1 } }));
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      message: "Database error: the study session could not be saved",
      cause: { message: `study_session#${id} belongs to another request` },
    });
    expect(await readItem(table, other.pk)).toEqual(other);
  });
});

describe("with a key", () => {
  test("makes one session of 50 parallel creates", async () => {
    const key = randomUUID();
    const before = (await create()).session.id;
    const created = await Promise.all(range(1, 50).map(() => create(key)));
    const after = (await create()).session.id;
    const [first] = created;
    expect(created.map(({ session }) => session)).toEqual(created.map(() => first?.session));
    expect(created.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    const stored = await Promise.all(
      range(before + 1, after - 1).map((id) => readItem(table, pk.studySession(id))),
    );
    expect(stored.filter(Boolean)).toEqual([expect.objectContaining({ ...first?.session })]);
  });

  test("keeps a hash of the key for at least a day, and never the key", async () => {
    const key = `secret-${randomUUID()}`;
    const { session } = await create(key);
    const hash = createHash("sha256").update(key).digest("base64url");
    const record = await readItem(table, pk.idempotencyKey(hash));
    expect(record).toEqual({
      pk: `idempotency_key#${hash}`,
      ...session,
      expires_at: expect.any(Number),
    });
    expect(record?.expires_at - Date.parse(session.created_at) / 1000).toBeGreaterThanOrEqual(86_400);
    expect(JSON.stringify([record, await readItem(table, pk.studySession(session.id))])).not.toContain(key);
  });

  test("needs three round trips", async () => {
    const { calls, observed } = observeCalls();
    await observed.create(REQUEST, randomUUID(), neverAborted());
    expect(calls).toEqual([
      ["GetItem group", 1],
      ["GetItem study_activity", 1],
      ["GetItem idempotency_key", 1],
      ["UpdateItem counter", 1],
      ["PutItem idempotency_key", 2],
      ["PutItem study_session", 3],
    ]);
  });

  test("replays a session whose group has gone", async () => {
    const key = randomUUID();
    const group = { pk: pk.group(4711), id: 4711, name: "Soon gone" };
    const request = { ...REQUEST, group_id: group.id };
    await table.client.send(new PutCommand({ TableName: table.tableName, Item: group }));
    const { session } = await create(key, request);
    await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { pk: group.pk } }));
    expect(await create(key, request)).toEqual({ session, isReplay: true });
    await expect(create(randomUUID(), request)).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

test("hands out 200 different ids from blocks of 20 in two functions, with 10 writes", async () => {
  const functions = [observeCalls(20), observeCalls(20)];
  const ids = [];
  for (let turn = 1; turn <= 100; turn++) {
    const created = functions.map(({ observed }) => observed.create(REQUEST, undefined, neverAborted()));
    ids.push(...(await Promise.all(created)).map(({ session }) => session.id));
  }
  expect(new Set(ids).size).toBe(200);
  const writes = functions.flatMap(({ calls }) => calls).filter(([call]) => call === "UpdateItem counter");
  expect(writes).toHaveLength(10);
});

test("warms up by one read, and does not care for its outcome", async () => {
  const { calls, observed } = observeCalls();
  await observed.warmUp();
  expect(calls).toEqual([["GetItem counter", 1]]);
  await expect(
    createStudySessionStore({ client: table.client, tableName: "Elsewhere" }).warmUp(),
  ).resolves.toBeUndefined();
});

test("starts no call after its signal was aborted", async () => {
  const { calls, observed } = observeCalls();
  await expect(observed.create(REQUEST, undefined, AbortSignal.abort())).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(calls).toEqual([]);
});
