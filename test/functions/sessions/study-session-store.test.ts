import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import type { StudySessionRequest } from "../../../functions/sessions/study-session.ts";
import {
  createStudySessionStore,
  type StudySessionStore,
} from "../../../functions/sessions/study-session-store.ts";
import { CALLS } from "../../support/fault-scenarios.ts";
import { FAULTS } from "../../support/faults.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { range } from "../../support/range.ts";
import { countRoundTrips } from "../../support/round-trips.ts";
import { putItem, removeItem, setCounter } from "../../support/stored-sessions.ts";
import { connectToTable, readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const REQUEST = { group_id: 1, study_activity_id: 2 } as const;

/** Makes the argument of `create`: a valid request that nobody aborts, with these changes. */
const asked = (changes: Partial<Parameters<StudySessionStore["create"]>[0]> = {}) => ({
  request: REQUEST,
  keyHash: undefined,
  signal: new AbortController().signal,
  onRefusedId: () => {},
  ...changes,
});

type StoreOptions = Parameters<typeof createStudySessionStore>[0];

const { table } = useTable({ hasOwnEngine: true });

let store: StudySessionStore;

beforeAll(() => {
  store = createStudySessionStore(table);
});

/** Creates a store with a connection of its own. `calls` has each call with the number of its round trip. */
const observeCalls = (options: Pick<StoreOptions, "idBlockSize" | "referenceCacheSeconds"> = {}) => {
  const client = connectToTable(table);
  const roundTrips = countRoundTrips(client);
  const observed = createStudySessionStore({ client, tableName: table.tableName, ...options });
  return { client, observed, ...roundTrips };
};

/** Creates a store that has cached the references of valid requests, and that has ids left if it takes blocks. */
const observeCallsOfKnowing = async (idBlockSize: number) => {
  const { calls, observed, forgetCalls } = observeCalls({ idBlockSize, referenceCacheSeconds: 60 });
  await observed.create(asked());
  forgetCalls();
  return { calls, observed };
};

const create = async (keyHash?: string, request: StudySessionRequest = REQUEST) =>
  store.create(asked({ keyHash, request }));

/** Creates so many sessions of other requests, whose ids follow one another. @returns the first id */
const occupyIds = async (count: number) => {
  const first = (await create()).session.id;
  for (let i = 1; i < count; i++) await create();
  return first;
};

describe("without a key", () => {
  test("gives 40 parallel creates 40 different ids", async () => {
    const created = await Promise.all(range(1, 40).map(() => create()));
    expect(new Set(created.map(({ session }) => session.id)).size).toBe(40);
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

  test("stores the time of the create, to the millisecond", async () => {
    const before = Date.now();
    const { session } = await create();
    expect(Date.parse(session.created_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(session.created_at)).toBeLessThanOrEqual(Date.now());
  });

  test("needs two round trips", async () => {
    const { calls, observed } = observeCalls();
    await observed.create(asked());
    expect(calls).toEqual([
      ["GetItem group", 1],
      ["GetItem study_activity", 1],
      ["UpdateItem counter", 1],
      ["PutItem study_session", 2],
    ]);
  });

  test("never overwrites a session of another request", async () => {
    const first = await occupyIds(3);
    const others = await Promise.all(
      range(first, first + 2).map((id) => readItem(table, pk.studySession(id))),
    );
    await setCounter(table, first - 1);
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      message: "Database error: the study session could not be saved",
      cause: { message: `study_session#${first + 2} belongs to another request` },
    });
    const stored = range(first, first + 2).map((id) => readItem(table, pk.studySession(id)));
    expect(await Promise.all(stored)).toEqual(others);
  });

  test("takes another id when the session that has it disappears before it is read", async () => {
    const first = await occupyIds(1);
    await setCounter(table, first - 1);
    const { client, observed } = observeCalls();
    interceptCalls(client, async ({ call, forward }) => {
      if (call === "GetItem study_session") await removeItem(table, pk.studySession(first));
      return forward();
    });
    expect((await observed.create(asked())).session.id).toBe(first + 1);
  });
});

describe("with a key", () => {
  test("makes one session of 20 parallel creates", async () => {
    const key = randomUUID();
    const before = (await create()).session.id;
    const created = await Promise.all(range(1, 20).map(() => create(key)));
    const after = (await create()).session.id;
    const [first] = created;
    expect(created.map(({ session }) => session)).toEqual(created.map(() => first?.session));
    expect(created.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    const stored = await Promise.all(
      range(before + 1, after - 1).map((id) => readItem(table, pk.studySession(id))),
    );
    expect(stored.filter(Boolean)).toEqual([expect.objectContaining({ ...first?.session })]);
  });

  test("keeps the hash of the key for at least a day", async () => {
    const hash = randomUUID();
    const { session } = await create(hash);
    const record = await readItem(table, pk.idempotencyKey(hash));
    expect(record).toEqual({
      pk: `idempotency_key#${hash}`,
      ...session,
      expires_at: expect.any(Number),
    });
    expect(record?.expires_at - Date.parse(session.created_at) / 1000).toBeGreaterThanOrEqual(86_400);
    expect(await readItem(table, pk.studySession(session.id))).toMatchObject({ owner: hash });
  });

  test("needs three round trips", async () => {
    const { calls, observed } = observeCalls();
    await observed.create(asked({ keyHash: randomUUID() }));
    expect(calls).toEqual([
      ["GetItem group", 1],
      ["GetItem study_activity", 1],
      ["UpdateItem counter", 1],
      ["GetItem idempotency_key", 1],
      ["PutItem idempotency_key", 2],
      ["PutItem study_session", 3],
    ]);
  });

  test("replays in two round trips, and writes nothing but the counter", async () => {
    const key = randomUUID();
    const created = await create(key);
    const { calls, observed } = observeCalls();
    expect(await observed.create(asked({ keyHash: key }))).toEqual({ ...created, isReplay: true });
    expect(calls).toEqual([
      ["GetItem group", 1],
      ["GetItem study_activity", 1],
      ["UpdateItem counter", 1],
      ["GetItem idempotency_key", 1],
      ["GetItem study_session", 2],
    ]);
  });

  test.each(["UpdateItem counter", "GetItem group", "GetItem study_activity"])(
    "a replay neither waits for %s nor fails with it",
    async (unneeded) => {
      const key = randomUUID();
      const { session } = await create(key);
      for (const outcome of [new Promise<never>(() => {}), Promise.reject(new Error("throttled"))]) {
        outcome.catch(() => {});
        const { client, observed } = observeCalls();
        interceptCalls(client, ({ call, forward }) => (call === unneeded ? outcome : forward()));
        expect(await observed.create(asked({ keyHash: key }))).toEqual({ session, isReplay: true });
      }
    },
  );

  test("writes the session of a record again when it is missing", async () => {
    const key = randomUUID();
    const { session } = await create(key);
    await removeItem(table, pk.studySession(session.id));
    expect(await create(key)).toEqual({ session, isReplay: true });
    expect(await readItem(table, pk.studySession(session.id))).toMatchObject(session);
  });

  describe("after the counter was put back", () => {
    test("takes another id, and responds the same from then on", async () => {
      const first = await occupyIds(2);
      await setCounter(table, first - 1);
      const key = randomUUID();
      const refused: number[] = [];
      const onRefusedId = (id: number) => refused.push(id);
      const created = await store.create(asked({ keyHash: key, onRefusedId }));
      expect(created).toMatchObject({ session: { id: first + 2 }, isReplay: false });
      expect(refused).toEqual([first, first + 1]);
      expect(await create(key)).toEqual({ ...created, isReplay: true });
      expect(await readItem(table, pk.studySession(first + 2))).toMatchObject(created.session);
    });

    test("frees a key that holds the id of another request", async () => {
      const first = await occupyIds(4);
      await setCounter(table, first - 1);
      const key = randomUUID();
      await expect(create(key)).rejects.toMatchObject({ statusCode: 500 });
      await setCounter(table, first + 3);
      const created = await create(key);
      expect(created.session.id).toBeGreaterThan(first + 3);
      expect(await create(key)).toEqual({ ...created, isReplay: true });
    });

    test("gives 10 parallel creates with one key one session", async () => {
      const first = await occupyIds(2);
      await setCounter(table, first - 1);
      const key = randomUUID();
      const results = await Promise.allSettled(range(1, 10).map(() => create(key)));
      const { session } = await create(key);
      for (const result of results) {
        expect(result.status === "rejected" ? result.reason.statusCode : result.value.session).toEqual(
          result.status === "rejected" ? 500 : session,
        );
      }
      expect(await readItem(table, pk.studySession(session.id))).toMatchObject(session);
    });

    test("does not take an older session of an expired key for its own", async () => {
      const key = randomUUID();
      const { session: older } = await create(key);
      const item = {
        ...(await readItem(table, pk.studySession(older.id))),
        created_at: "2025-01-01T00:00:00.000Z",
      };
      await putItem(table, { pk: pk.studySession(older.id), ...item });
      await removeItem(table, pk.idempotencyKey(key));
      await setCounter(table, older.id - 1);
      const { session } = await create(key);
      expect(session.id).toBeGreaterThan(older.id);
      expect(await readItem(table, pk.studySession(session.id))).toMatchObject(session);
      expect(await readItem(table, pk.studySession(older.id))).toEqual(item);
    });
  });

  test("replays a session whose group has gone, even when the session is missing", async () => {
    const key = randomUUID();
    const group = { pk: pk.group(4711), id: 4711, name: "Soon gone" };
    const request = { ...REQUEST, group_id: group.id };
    await putItem(table, group);
    const { session } = await create(key, request);
    await removeItem(table, group.pk);
    expect(await create(key, request)).toEqual({ session, isReplay: true });
    await removeItem(table, pk.studySession(session.id));
    expect(await create(key, request)).toEqual({ session, isReplay: true });
    expect(await readItem(table, pk.studySession(session.id))).toMatchObject(session);
    await expect(create(randomUUID(), request)).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

describe("with known references", () => {
  test.each([
    [
      1,
      [
        ["UpdateItem counter", 1],
        ["PutItem study_session", 2],
      ],
    ],
    [20, [["PutItem study_session", 1]]],
  ])(
    "needs one round trip for an id and one for the session, with ids in blocks of %d",
    async (idBlockSize, expected) => {
      const { calls, observed } = await observeCallsOfKnowing(idBlockSize);
      await observed.create(asked());
      expect(calls).toEqual(expected);
    },
  );

  test.each([
    [1, [["UpdateItem counter", 1]]],
    [20, []],
  ])(
    "needs three round trips with a key, and two for a replay, with ids in blocks of %d",
    async (idBlockSize, taken) => {
      const keyHash = randomUUID();
      const creator = await observeCallsOfKnowing(idBlockSize);
      await creator.observed.create(asked({ keyHash }));
      expect(creator.calls).toEqual([
        ...taken,
        ["GetItem idempotency_key", 1],
        ["PutItem idempotency_key", 2],
        ["PutItem study_session", 3],
      ]);
      const replayer = await observeCallsOfKnowing(idBlockSize);
      await replayer.observed.create(asked({ keyHash }));
      expect(replayer.calls).toEqual([
        ...taken,
        ["GetItem idempotency_key", 1],
        ["GetItem study_session", 2],
      ]);
    },
  );
});

test("hands out 40 different ids from blocks of 5 in two functions, with 8 writes", async () => {
  const functions = [observeCalls({ idBlockSize: 5 }), observeCalls({ idBlockSize: 5 })];
  const ids = [];
  for (let turn = 1; turn <= 20; turn++) {
    const created = functions.map(({ observed }) => observed.create(asked()));
    ids.push(...(await Promise.all(created)).map(({ session }) => session.id));
  }
  expect(new Set(ids).size).toBe(40);
  const writes = functions.flatMap(({ calls }) => calls).filter(([call]) => call === "UpdateItem counter");
  expect(writes).toHaveLength(8);
});

test.each([...CALLS.keyed.reads, ...CALLS.keyed.writes])(
  "%s ends when the signal of its request is aborted, and no other call starts",
  async (hanging) => {
    const { calls, client, observed } = observeCalls();
    const request = new AbortController();
    const signals: (AbortSignal | undefined)[] = [];
    interceptCalls(client, (intercepted) => {
      if (intercepted.call !== hanging) return intercepted.forward();
      signals.push(intercepted.signal);
      const hung = FAULTS.hanging(intercepted);
      request.abort();
      return hung;
    });
    const created = observed.create(asked({ keyHash: randomUUID(), signal: request.signal }));
    await expect(created).rejects.toMatchObject({ statusCode: 503 });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(calls.filter(([call]) => call === "PutItem study_session")).toEqual([]);
  },
);
