import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { pk } from "../../functions/study-session-store.ts";
import { VALID } from "../support/events.ts";
import { type Fate, startFaultyProxy } from "../support/faulty-proxy.ts";
import { type Send, sendToHandler } from "../support/send.ts";
import { createService } from "../support/service.ts";
import { openTestTable } from "../support/test-table.ts";

const KEYS = 400;
const DEVICES_PER_KEY = 3;
const UNKEYED = 200;

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const request = (key?: string) => ({
  headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
  body: JSON.stringify(VALID),
});

/** Repeats the request until it is answered with 201. */
const createPersistently = async (send: Send, key: string) => {
  for (let attempts = 1; attempts <= 50; attempts++) {
    const { status, body } = await send(request(key));
    if (status === 201) return body;
    expect([500, 503]).toContain(status);
  }
  throw new Error(`No session for ${key} in 50 attempts`);
};

test.each([1, 20])(
  `keeps its promises over a connection that fails at random, with ids in blocks of %d (SEED=${seed})`,
  async (idBlockSize) => {
    const fates = fc.sample(
      fc.oneof(
        { weight: 7, arbitrary: fc.constant<Fate>("passed") },
        fc.constantFrom<Fate>("dropped", "answer lost", "delayed"),
      ),
      { seed, numRuns: 50_000 },
    );
    let requests = 0;
    const table = await openTestTable();
    const proxy = await startFaultyProxy(table.endpoint, () => fates[requests++ % fates.length] ?? "passed");
    const shaken = createService(proxy.endpoint, table.tableName, { idBlockSize });
    const quiet = createService(table.endpoint, table.tableName, { idBlockSize });
    const send = sendToHandler(shaken.handler);
    const sendQuietly = sendToHandler(quiet.handler);
    const read = async (key: string) => {
      const command = new GetCommand({ TableName: table.tableName, Key: { pk: key }, ConsistentRead: true });
      return (await table.client.send(command)).Item;
    };

    const answersOf = new Map<string, readonly string[]>();
    const unkeyed: string[] = [];
    const keys = Array.from({ length: KEYS }, (_, i) => `key-${i}`);
    const createKeyed = async (key: string) => {
      const devices = Array.from({ length: DEVICES_PER_KEY }, () => createPersistently(send, key));
      answersOf.set(key, await Promise.all(devices));
    };
    // A few keys at a time: what fails under test are the connections, not this process.
    const inTurns = async (work: (() => Promise<unknown>)[]) => {
      const next = async () => {
        for (let task = work.pop(); task; task = work.pop()) await task();
      };
      await Promise.all(Array.from({ length: 20 }, next));
    };
    await inTurns([
      ...keys.map((key) => () => createKeyed(key)),
      ...Array.from({ length: UNKEYED }, () => async () => {
        const { status, body } = await send(request());
        if (status === 201) unkeyed.push(body);
      }),
    ]);
    await proxy.settle();

    for (const key of keys) {
      const { body, headers } = await sendQuietly(request(key));
      expect(headers["idempotent-replayed"]).toBe("true");
      expect(new Set([...(answersOf.get(key) ?? []), body])).toEqual(new Set([body]));
    }
    const lastId: number = (await read(pk.counter))?.last_id;
    const stored: string[] = [];
    for (let id = 1; id <= lastId; id++) {
      const item = await read(pk.studySession(id));
      if (!item) continue;
      const { group_id, study_activity_id, created_at } = item;
      stored.push(JSON.stringify({ id, group_id, study_activity_id, created_at }));
    }
    const promised = [...[...answersOf.values()].flat(), ...unkeyed];
    expect(stored).toEqual(expect.arrayContaining([...new Set(promised)]));
    expect(new Set(unkeyed).size).toBe(unkeyed.length);
    // An unkeyed request that failed for its client may have made its session all the same: no other may.
    expect(stored.length).toBeLessThanOrEqual(KEYS + UNKEYED);

    shaken.client.destroy();
    quiet.client.destroy();
    await proxy.close();
    await table.close();
  },
  300_000,
);
