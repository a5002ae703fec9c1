import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { verifyTable } from "../../lib/verify/verify-table.ts";
import { type RequestOutcome, startFaultyProxy } from "../support/faulty-proxy.ts";
import { createRequest } from "../support/requests.ts";
import { type Send, sendToHandler } from "../support/send.ts";
import { createService } from "../support/service.ts";
import { readStoredSessions } from "../support/stored-sessions.ts";
import { openTestTable } from "../support/test-table.ts";

const KEYS = Array.from({ length: 200 }, (_, index) => `key-${index}`);
const DEVICES_PER_KEY = 3;
const UNKEYED = 100;
/** A small number: the connections must fail under test, not this process. */
const TASKS_AT_A_TIME = 20;

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

test.each([
  { idBlockSize: 1, referenceCacheSeconds: 0 },
  { idBlockSize: 1, referenceCacheSeconds: 60 },
  { idBlockSize: 20, referenceCacheSeconds: 60 },
])(
  `keeps its promises over a connection that fails at random, with %j (SEED=${seed})`,
  async (options) => {
    const table = await openTestTable();
    const proxy = await startFaultyProxy(table.endpoint, createFateSource());
    const shaken = createService(proxy.endpoint, table.tableName, options);
    const quiet = createService(table.endpoint, table.tableName, options);

    const promised = await createSessions(sendToHandler(shaken.handler));
    await proxy.settle();
    await expectReplays(promised.keyed, sendToHandler(quiet.handler));
    expectKeptPromises(promised, await readStoredSessions(table));
    expect((await verifyTable(table)).findings).toEqual([]);

    shaken.client.destroy();
    quiet.client.destroy();
    await proxy.close();
    await table.close();
  },
  300_000,
);

const createFateSource = () => {
  const outcomes = fc.sample(
    fc.oneof(
      { weight: 7, arbitrary: fc.constant<RequestOutcome>("passed") },
      fc.constantFrom<RequestOutcome>("dropped", "response lost", "delayed"),
    ),
    { seed, numRuns: 50_000 },
  );
  let requests = 0;
  return () => outcomes[requests++ % outcomes.length] ?? "passed";
};

/** Bodies of responses with 201. */
interface PromisedSessions {
  /** The responses that the devices of each key got. */
  readonly keyed: ReadonlyMap<string, readonly string[]>;
  readonly unkeyed: readonly string[];
}

const createSessions = async (send: Send): Promise<PromisedSessions> => {
  const keyed = new Map<string, readonly string[]>();
  const unkeyed: string[] = [];
  const createKeyed = async (key: string) => {
    const devices = Array.from({ length: DEVICES_PER_KEY }, () => createPersistently(send, key));
    keyed.set(key, await Promise.all(devices));
  };
  const createUnkeyed = async () => {
    const { status, body } = await send(createRequest());
    if (status === 201) unkeyed.push(body);
  };
  const keyedTasks = KEYS.map((key) => () => createKeyed(key));
  await runInTurns([...keyedTasks, ...Array.from({ length: UNKEYED }, () => createUnkeyed)]);
  return { keyed, unkeyed };
};

/** Repeats the request until it gets 201. */
const createPersistently = async (send: Send, key: string) => {
  for (let attempts = 1; attempts <= 50; attempts++) {
    const { status, body } = await send(createRequest(key));
    if (status === 201) return body;
    expect([500, 503]).toContain(status);
  }
  throw new Error(`No session for ${key} in 50 attempts`);
};

const runInTurns = async (tasks: (() => Promise<unknown>)[]) => {
  const runNext = async () => {
    for (let task = tasks.pop(); task; task = tasks.pop()) await task();
  };
  await Promise.all(Array.from({ length: TASKS_AT_A_TIME }, runNext));
};

const expectReplays = async (promised: PromisedSessions["keyed"], send: Send) => {
  for (const key of KEYS) {
    const { body, headers } = await send(createRequest(key));
    expect(headers["idempotent-replayed"]).toBe("true");
    expect(new Set([...(promised.get(key) ?? []), body])).toEqual(new Set([body]));
  }
};

const expectKeptPromises = ({ keyed, unkeyed }: PromisedSessions, stored: readonly string[]) => {
  const promised = new Set([...[...keyed.values()].flat(), ...unkeyed]);
  expect(stored).toEqual(expect.arrayContaining([...promised]));
  expect(new Set(unkeyed).size).toBe(unkeyed.length);
  // An unkeyed request that failed for its client may have made its session all the same: no other may.
  expect(stored.length).toBeLessThanOrEqual(KEYS.length + UNKEYED);
};
