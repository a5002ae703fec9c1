import { createHash, randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, jest, test } from "@jest/globals";
import { verifyTable } from "../../../lib/verify/verify-table.ts";
import { createPartitionLimiter } from "../../bench/partition-limiter.ts";
import { VALID } from "../../support/events.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { range } from "../../support/range.ts";
import { createRequest } from "../../support/requests.ts";
import { type Item, putItem, putItems, removeItem } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const HASH = "h".repeat(43);
const RECORD = `idempotency_key#${HASH}`;
const COUNTER = "counter#study_session";
const CREATED_AT = "2026-01-02T03:04:05.678Z";
const AT_9: Item = { pk: COUNTER, last_id: 9 };
const inSeconds = (seconds: number) => Math.ceil(Date.now() / 1000) + seconds;

const { table, startService } = useTableOfTest({ hasOwnEngine: true });
let send: ReturnType<typeof startService>["send"];

beforeEach(() => {
  ({ send } = startService());
});

const put = (item: Item) => putItem(table, item);
const remove = (pk: string) => removeItem(table, pk);
const read = (pk: string) => readItem(table, pk);

const createSession = (id: number, others: object = {}): Item => ({
  pk: `study_session#${id}`,
  id,
  ...VALID,
  created_at: CREATED_AT,
  owner: randomUUID(),
  ...others,
});

const createRecord = (id: number, others: object = {}): Item => {
  const { owner: _, ...session } = createSession(id);
  return { ...session, pk: RECORD, expires_at: inSeconds(3600), ...others };
};

const create = async (key?: string) => {
  const { status, body } = await send(createRequest(key));
  expect(status).toBe(201);
  return JSON.parse(body);
};

const verify = (options: { readonly isRepairing?: boolean; readonly unitsPerSecond?: number } = {}) =>
  verifyTable({ client: table.client, tableName: table.tableName, graceMs: 0, ...options });

const plantAndVerify = async (...items: readonly Item[]) => {
  await putItems(table, items);
  const { findings } = await verify();
  expect(findings.some(({ isRepaired }) => isRepaired)).toBe(false);
  return findings.map(({ message }) => message);
};

/** Runs `act` before the n-th read of an item whose key begins like this. */
const actBeforeRead = (prefix: string, number: number, act: () => Promise<unknown>) => {
  let reads = 0;
  interceptCalls(table.client, async ({ call, pk, forward }) => {
    if (call.startsWith("GetItem") && pk.startsWith(prefix) && ++reads === number) await act();
    return forward();
  });
};

test("finds nothing in what the service, the import and the sync write, and counts the items", async () => {
  await create();
  await create("key");
  await put(createSession(2 ** 40, { owner: `import#${HASH}` }));
  const { owner: _, ...withoutOwner } = createSession(3);
  await put(withoutOwner as Item);
  await put({ pk: COUNTER, last_id: 2 ** 40, imported: [{ above: 2, to: 2 ** 40 }] });
  await put({ pk: "portal_copy", settled_to: 2 });
  await put({ pk: "portal_blocks", digests: new Uint8Array(8) });
  expect(await verify()).toEqual({
    findings: [],
    counts: { counter: 1, portalCopy: 2, group: 2, studyActivity: 5, studySession: 4, idempotencyKey: 1 },
    highestId: 2 ** 40,
    lastId: 2 ** 40,
  });
});

test("finds nothing in a table that is empty", async () => {
  expect(await verify()).toMatchObject({ findings: [], highestId: 0, lastId: undefined });
});

test.each([
  ["at 0", { last_id: 0 }],
  ["without a last_id", {}],
])("finds a counter %s only where there are sessions", async (_, attributes) => {
  await put({ pk: COUNTER, ...attributes });
  expect((await verify()).findings).toEqual([]);
  await put(createSession(10));
  expect((await verify()).findings).toHaveLength(1);
  await verify({ isRepairing: true });
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 10 });
});

test("sets a negative counter to 0, which the service and the import take for no id yet", async () => {
  await put({ pk: COUNTER, last_id: -5 });
  expect((await verify({ isRepairing: true })).findings).toMatchObject([{ isRepaired: true }]);
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 0 });
  expect((await verify()).findings).toEqual([]);
  expect(await create()).toMatchObject({ id: 1 });
});

test.each<[string, readonly Item[], string]>([
  [
    "a record without its session",
    [createRecord(7), AT_9],
    `${RECORD} has no session: study_session#7 is missing`,
  ],
  [
    "a record whose session is another request's",
    [createRecord(7), createSession(7), AT_9],
    `${RECORD} has no session: study_session#7 belongs to another request`,
  ],
  [
    "a record whose session has another time",
    [createRecord(7), createSession(7, { owner: HASH, created_at: "2026-01-02T03:04:05.679Z" }), AT_9],
    `${RECORD} has no session: study_session#7 differs from the record`,
  ],
  [
    "a record whose session has another group",
    [createRecord(7), createSession(7, { owner: HASH, group_id: 2 }), AT_9],
    `${RECORD} has no session: study_session#7 differs from the record`,
  ],
  [
    "two sessions of one key",
    [
      createSession(7, { owner: HASH, created_at: "2026-01-03T03:04:05.677Z" }),
      createSession(8, { owner: HASH }),
      AT_9,
    ],
    "study_session#8 and study_session#7 have the same idempotency key, and were created within 24 hours",
  ],
  [
    "a session of an unknown group",
    [createSession(7, { group_id: 77 }), AT_9],
    "group#77 is named by study_session#7, but is not in the table. This is expected if it was deleted",
  ],
  [
    "sessions of an unknown study activity",
    [7, 8, 9].map((id) => createSession(id, { study_activity_id: 77 })).concat(AT_9),
    expect.stringMatching(
      /^study_activity#77 is named by study_session#[789] and 2 more, but is not in the table\. This is expected if it was deleted$/,
    ) as unknown as string,
  ],
  ["a counter that is behind", [createSession(10), AT_9], `${COUNTER} is at 9, but the highest id is 10`],
  ["a counter that is missing", [createSession(10)], `${COUNTER} is missing, but the highest id is 10`],
  [
    "a counter that is negative",
    [{ pk: COUNTER, last_id: -1 }],
    `${COUNTER} is at -1, and would give out ids below 1`,
  ],
  [
    "a counter that is a text",
    [{ pk: COUNTER, last_id: "9" }],
    `${COUNTER} can't be read: its last_id is "9"`,
  ],
  ["an item of an unknown kind", [{ pk: "user#1" }], "user#1 can't be read: an item of an unknown kind"],
  [
    "a key with odd characters",
    [{ pk: "\u001b[2J\u009b2J" }],
    '"\\u001b[2J\\u009b2J" can\'t be read: an item of an unknown kind',
  ],
  [
    "a key that ends with an odd character",
    [{ pk: "user#1\n" }],
    '"user#1\\n" can\'t be read: an item of an unknown kind',
  ],
  [
    "a session with wrong members",
    [createSession(7, { group_id: "1", created_at: "yesterday" })],
    "study_session#7 can't be read: missing or wrong: group_id, created_at",
  ],
  [
    "a session with the key of another id",
    [createSession(7, { id: 8 })],
    "study_session#7 can't be read: its id is 8, which does not match its key",
  ],
  [
    "a session whose key is spelled otherwise",
    [createSession(7, { pk: "study_session#07" })],
    "study_session#07 can't be read: its id is 7, which does not match its key",
  ],
  [
    "a record that never expires",
    [createRecord(7, { expires_at: undefined })],
    `${RECORD} can't be read: missing or wrong: expires_at`,
  ],
  [
    "a record whose key is no hash",
    [createRecord(7, { pk: "idempotency_key#mine" })],
    "idempotency_key#mine can't be read: its key is not the hash of an idempotency key",
  ],
  [
    "a group without a name",
    [{ pk: "group#3", id: 3, words_count: 0 }],
    "group#3 can't be read: missing or wrong: name",
  ],
  [
    "a group whose number of words is a text",
    [{ pk: "group#3", id: 3, name: "Kanji", words_count: "7" }],
    "group#3 can't be read: missing or wrong: words_count",
  ],
  [
    "a study activity whose addresses are numbers",
    [{ pk: "study_activity#9", id: 9, name: "Quiz", url: 1, preview_url: 2 }],
    "study_activity#9 can't be read: missing or wrong: url, preview_url",
  ],
  [
    "a study activity with the key of another id",
    [{ pk: "study_activity#9", id: 8, name: "Quiz", url: "", preview_url: "" }],
    "study_activity#9 can't be read: its id is 8, which does not match its key",
  ],
])("finds %s", async (_, items, message) => {
  expect(await plantAndVerify(...items)).toEqual([message]);
});

test("finds an id that no JavaScript number can hold", async () => {
  const { client, tableName: TableName } = table;
  const Item = { pk: { S: "group#9007199254740993" }, id: { N: "9007199254740993.5" }, name: { S: "Big" } };
  await client.send(new PutItemCommand({ TableName, Item }));
  expect(await plantAndVerify()).toEqual(["group#9007199254740993 can't be read: missing or wrong: id"]);
});

test.each<[string, readonly Item[]]>([
  [
    "a key that was used again after 24 hours",
    [
      createSession(7, { owner: HASH }),
      createSession(8, { owner: HASH, created_at: "2026-01-03T03:04:05.678Z" }),
      AT_9,
    ],
  ],
  [
    "an owner that is no key's",
    [createSession(7, { owner: `import#${HASH}` }), createSession(8, { owner: `import#${HASH}` }), AT_9],
  ],
  ["an expired record without its session", [createRecord(7, { expires_at: inSeconds(-10) })]],
  ["a group that can't be read, as one that is unknown", [createSession(7, { group_id: 3 }), AT_9]],
])("does not take %s for a fault", async (_, items) => {
  await put({ pk: "group#3", id: 3, name: "Kanji", words_count: 0 });
  expect(await plantAndVerify(...items)).toEqual([]);
});

test("writes the very session that the service would have written, and is found well then", async () => {
  const { id } = await create("key");
  const pk = `study_session#${id}`;
  const written = await read(pk);
  await remove(pk);

  const { findings } = await verify({ isRepairing: true });

  const record = `idempotency_key#${createHash("sha256").update("key").digest("base64url")}`;
  expect(findings).toEqual([{ message: `${record} has no session: ${pk} is missing`, isRepaired: true }]);
  expect(await read(pk)).toEqual(written);
  expect(await create("key")).toEqual({ id, ...VALID, created_at: written?.created_at });
  expect((await verify()).findings).toEqual([]);
});

test("raises the counter to the highest id, also to that of a session that it has just written", async () => {
  await put(AT_9);
  await put(createSession(10));
  await put(createRecord(12));
  const { findings } = await verify({ isRepairing: true });
  expect(findings.map(({ isRepaired }) => isRepaired)).toEqual([true, true]);
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 12 });
  expect(await create()).toMatchObject({ id: 13 });
});

test("creates a counter that is missing, and keeps the ranges of imports in one that is there", async () => {
  await put(createSession(10));
  await verify({ isRepairing: true });
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 10 });
  const imported = [{ above: 0, to: 9 }];
  await put({ pk: COUNTER, last_id: 9, imported });
  await verify({ isRepairing: true });
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 10, imported });
});

test("does not lower a counter that others raise in the meantime", async () => {
  await put(AT_9);
  await put(createSession(10));
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "UpdateItemCommand") await put({ pk: COUNTER, last_id: 20 });
        return next(args);
      },
    { step: "initialize", name: "raises" },
  );
  expect((await verify({ isRepairing: true })).findings).toMatchObject([{ isRepaired: true }]);
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 20 });
});

test("raises the counter to half of all ids, and no further", async () => {
  await put(AT_9);
  await put(createSession(2 ** 52));
  expect((await verify({ isRepairing: true })).findings).toMatchObject([{ isRepaired: true }]);
  await put(createSession(2 ** 52 + 1));
  const message = `${COUNTER} is at ${2 ** 52}, but the highest id is ${2 ** 52 + 1}`;
  expect((await verify({ isRepairing: true })).findings).toEqual([{ message, isRepaired: false }]);
  expect(await read(COUNTER)).toEqual({ pk: COUNTER, last_id: 2 ** 52 });
});

test("takes a record for expired from the very second on", async () => {
  const expires_at = inSeconds(3600);
  await put(createRecord(7, { expires_at }));
  jest.spyOn(Date, "now").mockReturnValue(expires_at * 1000);
  expect(await verify({ isRepairing: true })).toMatchObject({ findings: [], highestId: 0 });
});

test.each([
  ["UpdateItem counter", createSession(10)],
  ["PutItem study_session", createRecord(7)],
])("fails when %s fails, and calls nothing repaired", async (failing, item) => {
  await put(item);
  interceptCalls(table.client, async ({ call, forward }) => {
    if (call === failing) throw Object.assign(new Error("injected"), { name: "AccessDeniedException" });
    return forward();
  });
  await expect(verify({ isRepairing: true })).rejects.toThrow("injected");
});

test("repairs nothing else", async () => {
  const items = [
    AT_9,
    createRecord(7),
    createSession(7),
    createSession(8, { group_id: 77, owner: "x".repeat(43) }),
    createSession(9, { owner: "x".repeat(43) }),
    { pk: "user#1" },
  ];
  for (const item of items) await put(item);
  const { findings } = await verify({ isRepairing: true });
  expect(findings.map(({ isRepaired }) => isRepaired)).toEqual([false, false, false, false]);
  for (const item of items) expect(await read(item.pk)).toEqual(item);
});

test("does not overwrite a session that is stored in the meantime", async () => {
  await put(AT_9);
  await put(createRecord(7));
  const session = createSession(7);
  let puts = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "PutItemCommand" && ++puts === 1) await put(session);
        return next(args);
      },
    { step: "initialize", name: "is faster" },
  );
  expect((await verify({ isRepairing: true })).findings).toMatchObject([{ isRepaired: false }]);
  expect(await read("study_session#7")).toEqual(session);
});

test("waits for a session whose request is still under way", async () => {
  await put(AT_9);
  await put(createRecord(7));
  actBeforeRead("study_session#7", 2, () => put(createSession(7, { owner: HASH })));
  expect((await verify()).findings).toEqual([]);
});

test("gives a request time that has just moved its key to another id", async () => {
  await put(AT_9);
  await put(createRecord(7));
  await put(createSession(7));
  actBeforeRead(RECORD, 1, () => put(createRecord(8)));
  actBeforeRead("study_session#8", 2, () => put(createSession(8, { owner: HASH })));
  expect((await verify()).findings).toEqual([]);
});

test.each([
  ["is deleted", () => remove(RECORD)],
  ["is kept", async () => jest.spyOn(Date, "now").mockReturnValue(Date.now() + 7_200_000)],
])("forgets a key that expires in the meantime, and whose record %s", async (_, expire) => {
  await put(AT_9);
  await put(createRecord(7));
  actBeforeRead(RECORD, 1, expire);
  expect((await verify({ isRepairing: true })).findings).toEqual([]);
  expect(await read("study_session#7")).toBeUndefined();
});

test("reads nothing but the counter again where the scan has found all that belongs together", async () => {
  await create("key");
  const calls: string[] = [];
  interceptCalls(table.client, ({ call, forward }) => {
    calls.push(call);
    return forward();
  });
  await verify();
  expect(calls).toEqual(["Scan ", "GetItem counter"]);
});

test("reads consistently, whatever it reads", async () => {
  for (const item of [createRecord(7), createSession(8, { group_id: 77 })]) await put(item);
  const kinds = new Set<string>();
  interceptCalls(table.client, ({ call, input, forward }) => {
    kinds.add(`${call} ${input.ConsistentRead}`);
    return forward();
  });
  await verify();
  expect([...kinds].toSorted()).toEqual(
    [
      "GetItem counter true",
      "GetItem group true",
      "GetItem idempotency_key true",
      "GetItem study_session true",
      "Scan  true",
    ].toSorted(),
  );
});

test("keeps below its limit of read units", async () => {
  await putItems(
    table,
    range(1, 40).map((id) => createSession(id, { group_id: 1000 + id })),
  );
  const takeUnit = createPartitionLimiter(550 / 3000);
  const begunAt = performance.now();
  let excess = 0;
  interceptCalls(table.client, ({ forward }) => {
    if (!takeUnit("read", "table", performance.now() - begunAt)) excess++;
    return forward();
  });
  await verify({ unitsPerSecond: 500 });
  expect(excess).toBe(0);
});

test("knows a group that was added behind the scan's back", async () => {
  await put(AT_9);
  await put(createSession(7, { group_id: 77 }));
  actBeforeRead("group#77", 1, () => put({ pk: "group#77", id: 77, name: "New", words_count: 1 }));
  expect((await verify()).findings).toEqual([]);
});

test("reads a table of many pages, finds one fault in it, and tells how far it is", async () => {
  await putItems(
    table,
    range(1, 600).map((id) => createSession(id)),
  );
  const progress: number[] = [];
  const { client, tableName } = table;
  const { findings, counts } = await verifyTable({
    client,
    tableName,
    onProgress: (read) => progress.push(read),
  });
  expect(findings.map(({ message }) => message)).toEqual([
    `${COUNTER} is missing, but the highest id is 600`,
  ]);
  expect(counts).toMatchObject({ studySession: 600, group: 2, studyActivity: 5 });
  expect(progress).toEqual([500, 607]);
});

test("finds nothing while sessions are being created", async () => {
  let isRunning = true;
  const createOn = async () => {
    while (isRunning) await create(randomUUID());
  };
  const creating = Promise.all([createOn(), createOn()]);
  const runs = [];
  for (let run = 0; run < 5; run++) {
    const { client, tableName } = table;
    runs.push(await verifyTable({ client, tableName, graceMs: 1000 }));
  }
  isRunning = false;
  await creating;
  expect(runs.flatMap(({ findings }) => findings)).toEqual([]);
});
