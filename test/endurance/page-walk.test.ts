import { randomUUID } from "node:crypto";
import { expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import pMap from "p-map";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { FAULTS } from "../support/faults.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import { type ListedPage, walkPages } from "../support/page-walk.ts";
import { createRequest } from "../support/requests.ts";
import type { Send } from "../support/send.ts";
import { clearSessions } from "../support/stored-sessions.ts";
import { useTable } from "../support/use-table.ts";

const SESSIONS = 1000;
const LIMITS = [7, 20, 100];
const CREATES_AT_A_TIME = 10;

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const { table, startService } = useTable({ hasOwnEngine: true });

/** Starts a service of which one call in thirty is throttled. */
const startShaken = (idBlockSize: number) => {
  const { client, send } = startService({ idBlockSize });
  const isThrottled = fc
    .sample(fc.nat(29), { seed: seed + idBlockSize, numRuns: 20_000 })
    .map((n) => n === 0);
  const throttled: string[] = [];
  let calls = 0;
  interceptCalls(client, (intercepted) => {
    if (!isThrottled[calls++ % isThrottled.length]) return intercepted.forward();
    throttled.push(intercepted.call);
    return FAULTS.throttled();
  });
  const sendPersistently: Send = async (request) => {
    for (let attempts = 1; attempts <= 50; attempts++) {
      const response = await send(request);
      if (response.status !== 503) return response;
    }
    throw new Error("Always busy");
  };
  return { send: sendPersistently, throttled };
};

type Shaken = ReturnType<typeof startShaken>;

/** Creates with keys and without, each other one with ids in blocks. */
const createSession = async (services: readonly Shaken[], turn: number): Promise<StudySession> => {
  const service = services[turn % services.length];
  const response = await service?.send(createRequest(turn % 3 === 0 ? randomUUID() : undefined));
  expect(response).toMatchObject({ status: 201 });
  return JSON.parse(response?.body ?? "");
};

/** Creates until it is over. @returns how many sessions each of those who create has created */
const createMeanwhile = (services: readonly Shaken[], isOver: () => boolean) => {
  const createOn = async (first: number) => {
    let created = 0;
    for (; !isOver(); created++) await createSession(services, first + created);
    return created;
  };
  return Promise.all(Array.from({ length: CREATES_AT_A_TIME }, (_, index) => createOn(index)));
};

test(`three walks under load have every session once, and in order (SEED=${seed})`, async () => {
  await clearSessions(table);
  // The SDK waits for a random time before it tries again: not at all in here.
  jest.spyOn(Math, "random").mockReturnValue(0);
  const services = [startShaken(1), startShaken(20)];
  const turns = Array.from({ length: SESSIONS }, (_, turn) => turn);
  const atStart = await pMap(turns, (turn) => createSession(services, turn), {
    concurrency: CREATES_AT_A_TIME,
  });

  let isOver = false;
  const creating = createMeanwhile(services, () => isOver);
  const readers = LIMITS.map((limit, index) => ({ limit, reader: startShaken(100 + index) }));
  const walks = await Promise.all(
    readers.map(({ limit, reader }) => {
      const onPage = ({ study_sessions }: ListedPage) => {
        expect(study_sessions.length).toBeLessThanOrEqual(limit);
      };
      return walkPages({ send: reader.send, query: `?limit=${limit}`, onPage });
    }),
  ).finally(() => {
    isOver = true;
  });
  const created = (await creating).reduce((sum, next) => sum + next, 0);

  const expected = atStart.toSorted((a, b) => b.id - a.id);
  const ids = new Set(atStart.map(({ id }) => id));
  for (const sessions of walks) {
    expect(sessions.filter(({ id }) => ids.has(id))).toEqual(expected);
    const seen = sessions.map(({ id }) => id);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a));
  }
  expect(created).toBeGreaterThan(0);
  expect(readers.flatMap(({ reader }) => reader.throttled).length).toBeGreaterThan(0);
}, 120_000);
