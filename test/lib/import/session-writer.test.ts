import { randomUUID } from "node:crypto";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import { reserveIds } from "../../../lib/import/id-reservation.ts";
import { writeSessions } from "../../../lib/import/session-writer.ts";
import { createPartitionLimiter } from "../../bench/partition-limiter.ts";
import { VALID } from "../../support/events.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { range } from "../../support/range.ts";
import { createRequest } from "../../support/requests.ts";
import { putItem, putItems } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const CREATED_AT = "2020-01-01T00:00:00.000Z";

const { table, startService } = useTableOfTest({ hasOwnEngine: true });
let service: ReturnType<typeof startService>;

beforeEach(() => {
  service = startService();
});

const createSessions = (count: number, first = 1): StudySession[] =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, ...VALID, created_at: CREATED_AT }));

const importAll = async (
  sessions: Iterable<StudySession>,
  highestId: number,
  onProgress = (_: number) => {},
) => {
  const { client, tableName } = table;
  const reservedIds = await reserveIds({ client, tableName, highestId });
  const refused: (readonly [id: number, reason: string, details: string])[] = [];
  const counts = await writeSessions({
    client,
    tableName,
    sessions,
    reservedIds,
    onRefused: ({ id, reason, details }) => refused.push([id, reason, details]),
    onProgress,
  });
  expect(counts.refused).toBe(refused.length);
  const { written, repeated } = counts;
  return { written, repeated, refused: refused.toSorted(([a], [b]) => a - b) };
};

const importSessions = (sessions: readonly StudySession[], onProgress?: (done: number) => void) =>
  importAll(sessions, Math.max(0, ...sessions.map(({ id }) => id)), onProgress);

const GIVEN_OUT = "the service gave this id to a request, which may still be about to use it";
const DIFFERS = "differs from what is stored here";

const create = async (key: string = randomUUID()) => {
  const { status, body } = await service.send(createRequest(key));
  return { status, ...JSON.parse(body) };
};

const read = (pk: string) => readItem(table, pk);

test("writes sessions with their ids, and the next one follows the highest", async () => {
  expect(await importSessions(createSessions(3, 40))).toEqual({ written: 3, repeated: 0, refused: [] });
  expect(await read("study_session#41")).toEqual({
    pk: "study_session#41",
    id: 41,
    ...VALID,
    created_at: CREATED_AT,
    // printf %s JSON | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
    owner: "import#BU92O5ytYDKjufD4RnzbqGgIWtrw2JYTH2KNsEC9b48",
  });
  expect(await create()).toMatchObject({ status: 201, id: 43 });
});

test("can be repeated, also with more sessions", async () => {
  await importSessions(createSessions(3));
  expect(await create()).toMatchObject({ id: 4 });
  expect(await importSessions([...createSessions(3), ...createSessions(2, 5)])).toEqual({
    written: 2,
    repeated: 3,
    refused: [],
  });
  expect(await create()).toMatchObject({ id: 7 });
});

test("writes nothing again when it is repeated", async () => {
  await importSessions(createSessions(3));
  const calls: string[] = [];
  interceptCalls(table.client, ({ call, forward }) => {
    calls.push(call);
    return forward();
  });
  await importSessions([...createSessions(3), ...createSessions(1, 4)]);
  expect(calls.toSorted()).toEqual([
    "GetItem counter",
    ...Array(3).fill("GetItem study_session"),
    "PutItem study_session",
    "UpdateItem counter",
  ]);
});

test("knows its own session when the response to the write was lost", async () => {
  let writes = 0;
  interceptCalls(table.client, async ({ call, forward }) => {
    const response = await forward();
    if (!call.startsWith("PutItem") || ++writes > 1) return response;
    throw Object.assign(new Error("lost"), { name: "TimeoutError" });
  });
  expect(await importSessions(createSessions(1))).toEqual({ written: 0, repeated: 1, refused: [] });
  expect(writes).toBe(2);
});

test("goes on where it was ended", async () => {
  let calls = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      if (++calls > 40) throw new Error("ended");
      return next(args);
    },
    { step: "initialize", name: "ends" },
  );
  await expect(importSessions(createSessions(50))).rejects.toThrow("ended");
  table.client.middlewareStack.remove("ends");
  const { written, repeated, refused } = await importSessions(createSessions(50));
  expect({ sum: written + repeated, refused }).toEqual({ sum: 50, refused: [] });
  expect(repeated).toBeGreaterThan(0);
});

test("never lowers the counter", async () => {
  await importSessions(createSessions(1, 100));
  await importSessions(createSessions(1, 7));
  expect(await create()).toMatchObject({ id: 101 });
});

test("leaves alone what was created here", async () => {
  const [first, second] = [await create(), await create()];
  const describe = (created_at: string) => `created_at is "${CREATED_AT}", here "${created_at}"`;
  expect(await importSessions(createSessions(5))).toEqual({
    written: 3,
    repeated: 0,
    refused: [
      [1, DIFFERS, describe(first.created_at)],
      [2, DIFFERS, describe(second.created_at)],
    ],
  });
  for (const { id, created_at } of [first, second])
    expect(await read(`study_session#${id}`)).toMatchObject({ id, created_at });
});

test("takes what was created here for the same session when it comes back", async () => {
  const { status: _, ...session } = await create();
  const before = await read("study_session#1");
  expect(await importSessions([session])).toEqual({ written: 0, repeated: 1, refused: [] });
  expect(await importSessions([session, ...createSessions(1, 2)])).toEqual({
    written: 1,
    repeated: 1,
    refused: [],
  });
  expect(await read("study_session#1")).toEqual(before);
});

test("knows its own session by the time of a copy that has lost the last digits, and by no other", async () => {
  const times = [
    ["2026-11-26T23:04:05.678Z", "2026-11-26T23:04:05.000Z"],
    ["2026-11-26T23:04:05.678Z", "2026-11-26T23:04:05.600Z"],
    ["2026-11-26T23:04:00.050Z", "2026-11-26T23:04:00.000Z"],
    ["2026-11-26T23:04:05.678Z", "2026-11-26T23:04:05.680Z"],
    ["2026-11-26T23:04:05.678Z", "2026-11-26T23:04:06.000Z"],
    ["2026-11-26T23:04:05.000Z", "2026-11-26T23:04:05.678Z"],
  ] as const;
  const toSessions = (which: 0 | 1) =>
    times.map((pair, index) => ({ id: index + 1, ...VALID, created_at: pair[which] }));
  await putItems(
    table,
    toSessions(0).map((session) => ({ pk: `study_session#${session.id}`, ...session })),
  );
  const { repeated, refused } = await importSessions(toSessions(1));
  expect({ repeated, refused: refused.map(([id]) => id) }).toEqual({ repeated: 3, refused: [4, 5, 6] });
});

test("takes an equal session that somebody else wrote under a reserved id for the same session", async () => {
  const [session] = createSessions(1, 2) as [StudySession];
  await importSessions(createSessions(1, 3));
  const item = { pk: "study_session#2", ...session, owner: randomUUID() };
  await putItem(table, item);
  expect(await importSessions([session])).toEqual({ written: 0, repeated: 1, refused: [] });
  expect(await read("study_session#2")).toEqual(item);
});

test("never overwrites, not even what was changed by hand in a session that an import wrote", async () => {
  await importSessions(createSessions(1));
  const item = {
    ...(await read("study_session#1")),
    pk: "study_session#1",
    created_at: "2021-01-01T00:00:00.000Z",
    group_id: 2,
  };
  await putItem(table, item);
  expect(await importSessions(createSessions(1))).toMatchObject({
    refused: [
      [1, DIFFERS, `group_id is 1, here 2; created_at is "${CREATED_AT}", here "2021-01-01T00:00:00.000Z"`],
    ],
  });
  expect(await read("study_session#1")).toEqual(item);
});

test("a request that has its id, and nothing more, can still use it", async () => {
  const key = randomUUID();
  let hasFailed = false;
  service.client.middlewareStack.add(
    (next) => async (args) => {
      const { Item } = args.input as { Item?: { pk: string } };
      if (!Item?.pk.startsWith("study_session#") || hasFailed) return next(args);
      hasFailed = true;
      throw new Error("ended");
    },
    { step: "initialize", name: "ends" },
  );
  expect(await create(key)).toMatchObject({ status: 500 });
  expect(await importSessions(createSessions(3))).toEqual({
    written: 2,
    repeated: 0,
    refused: [[1, GIVEN_OUT, ""]],
  });
  expect(await create(key)).toMatchObject({ status: 201, id: 1 });
});

test("refuses a session that was corrected in the portal since, and names both times", async () => {
  await importSessions(createSessions(2));
  const [first, second] = createSessions(2);
  const changed = { ...second, created_at: "2021-01-01T00:00:00.000Z" } as StudySession;
  expect(await importSessions([first as StudySession, changed])).toEqual({
    written: 0,
    repeated: 1,
    refused: [[2, DIFFERS, `created_at is "2021-01-01T00:00:00.000Z", here "${CREATED_AT}"`]],
  });
  expect(await read("study_session#2")).toMatchObject({ created_at: CREATED_AT });
});

test("no session is lost or doubled while others are being created", async () => {
  const imported = createSessions(40);
  let isRunning = true;
  const created: { status: number; id: number; created_at: string }[] = [];
  const createOn = async () => {
    while (isRunning) created.push(await create());
  };
  const creating = Promise.all([createOn(), createOn(), createOn()]);
  const { written, refused } = await importSessions(imported).finally(() => {
    isRunning = false;
  });
  await creating;
  expect(created.every(({ status }) => status === 201)).toBe(true);
  const ids = created.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(written + refused.length).toBe(40);
  for (const [id] of refused)
    expect(Math.max(...ids.filter((other) => other <= 40))).toBeGreaterThanOrEqual(id);
  for (const { id, created_at } of created)
    expect(await read(`study_session#${id}`)).toMatchObject({ id, created_at });
});

test("writes 32 sessions at a time", async () => {
  let running = 0;
  let most = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      most = Math.max(most, ++running);
      return next(args).finally(() => running--);
    },
    { step: "initialize", name: "countsCalls" },
  );
  expect(await importSessions(createSessions(40))).toMatchObject({ written: 40 });
  expect(most).toBe(32);
});

test("reads sessions only when their turn comes", async () => {
  let read = 0;
  const readAll = function* () {
    for (const session of createSessions(40)) {
      read++;
      yield session;
    }
  };
  const ahead: number[] = [];
  await importAll(readAll(), 40, (done) => ahead.push(read - done));
  expect(read).toBe(40);
  expect(Math.max(...ahead)).toBeLessThan(32);
});

test("waits for the writes under way when the sessions can't be read any more", async () => {
  const readSome = function* () {
    yield* createSessions(40);
    throw new Error("unreadable");
  };
  await expect(importAll(readSome(), 100)).rejects.toThrow("unreadable");
  expect(await importSessions(createSessions(40))).toEqual({ written: 0, repeated: 40, refused: [] });
});

test("starts no further write after one that failed", async () => {
  let calls = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      if (++calls === 40) throw new Error("ended");
      return next(args);
    },
    { step: "initialize", name: "ends" },
  );
  await expect(importSessions(createSessions(100))).rejects.toThrow("ended");
  table.client.middlewareStack.remove("ends");
  const { repeated } = await importSessions(createSessions(100));
  // The writes of one moment begin before one of them fails.
  expect(repeated).toBeLessThan(40 + 32);
});

test("ends only when no write is under way, and begins no retry", async () => {
  const keys: unknown[] = [];
  let running = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "PutItemCommand") return next(args);
        const { Item } = args.input as { Item?: { pk: string } };
        keys.push(Item?.pk);
        const call = keys.length;
        running++;
        try {
          if (call === 1) throw new ProvisionedThroughputExceededException({ message: "", $metadata: {} });
          if (call === 2) throw new Error("ended");
          await turnOfEventLoop();
          return await next(args);
        } finally {
          running--;
        }
      },
    { step: "initialize", name: "ends" },
  );
  await expect(importSessions(createSessions(60))).rejects.toThrow("ended");
  expect(running).toBe(0);
  expect(keys).toEqual([...new Set(keys)]);
});

test("waits for capacity, and tells how far it is", async () => {
  let calls = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      if (++calls % 5 === 0) throw new ProvisionedThroughputExceededException({ message: "", $metadata: {} });
      return next(args);
    },
    { step: "initialize", name: "lacksCapacity" },
  );
  const progress: number[] = [];
  expect(await importSessions(createSessions(20), (done) => progress.push(done))).toMatchObject({
    written: 20,
  });
  expect(progress).toEqual(range(1, 20));
});

test("slows down to what the table takes, and loses no session", async () => {
  const takeUnit = createPartitionLimiter(30 / 1000);
  const begunAt = performance.now();
  let throttled = 0;
  interceptCalls(table.client, ({ call, forward }) => {
    const isTaken = !call.startsWith("PutItem") || takeUnit("write", "table", performance.now() - begunAt);
    if (isTaken) return forward();
    throttled++;
    return Promise.reject(Object.assign(new Error("injected"), { name: "ThrottlingException" }));
  });
  expect(await importSessions(createSessions(50))).toEqual({ written: 50, repeated: 0, refused: [] });
  expect(throttled).toBeGreaterThan(0);
  expect(throttled).toBeLessThan(25);
});
