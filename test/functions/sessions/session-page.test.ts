import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MAX_PAGE_IDS } from "../../../functions/sessions/session-page.ts";
import { type InterceptedCall, interceptCalls } from "../../support/intercept-calls.ts";
import { type ListedPage, listRequest, readRequest, walkPages } from "../../support/page-walk.ts";
import { range } from "../../support/range.ts";
import { createRequest } from "../../support/requests.ts";
import type { Request } from "../../support/send.ts";
import {
  clearSessions,
  putItem,
  sessionWithId,
  setCounter,
  storeSessions,
} from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

/** A page of one session takes so many calls where all ids are missing: the counter, and batches of 1, 2, … 32 and 37. */
const MAX_CALLS = 8;

const { table, startService } = useTable({ hasOwnEngine: true });

beforeEach(() => clearSessions(table));

const open = (options?: { readonly idBlockSize?: number }) => {
  const { client, send, log } = startService(options);
  const calls: InterceptedCall[] = [];
  interceptCalls(client, (intercepted) => {
    calls.push(intercepted);
    return intercepted.forward();
  });
  const list = async (query = ""): Promise<ListedPage> => JSON.parse((await send(listRequest(query))).body);
  return { calls, send: (request: Request) => send(request), list, log };
};

const downward = (ids: Iterable<number>) => [...ids].toSorted((a, b) => b - a);
const idsOf = (sessions: ListedPage["study_sessions"]) => sessions.map(({ id }) => id);

/** Takes the calls of one page, and checks that they do no more than a page may. */
const expectBoundedWork = (calls: InterceptedCall[]) => {
  const taken = calls.splice(0);
  const [counter, ...batches] = taken.map(({ call }) => call);
  expect(counter).toBe("GetItem counter");
  expect(batches).toEqual(batches.map(() => "BatchGetItem study_session"));
  const keys = taken.slice(1).flatMap((call) => call.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBeLessThanOrEqual(MAX_PAGE_IDS);
  expect(taken.length).toBeLessThanOrEqual(MAX_CALLS);
};

const limits = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(20, 100));

const scattered = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 15 });

const blocks = fc
  .array(fc.record({ gap: fc.nat(250), length: fc.integer({ min: 1, max: 10 }) }), { maxLength: 2 })
  .map((parts) => {
    let last = 0;
    return parts.flatMap(({ gap, length }) => {
      const first = last + gap + 1;
      last = first + length - 1;
      return range(first, last);
    });
  });

describe("all pages together have each session once, the newest first,", () => {
  /** Checks the property, and removes the sessions and the counter after each run. */
  const expectAlways = async <Values>(property: fc.IAsyncPropertyWithHooks<Values>, numRuns: number) =>
    fc.assert(
      property.beforeEach(() => clearSessions(table)),
      { numRuns },
    );

  test("whatever ids are missing, with bounded work for each page", async () => {
    const { calls, send } = open();
    const ids = fc.oneof(scattered, blocks);
    const run = fc.asyncProperty(ids, limits, fc.nat(250), async (ids, limit, unused) => {
      await storeSessions(table, ids);
      await setCounter(table, Math.max(0, ...ids) + unused + 1);
      const onPage = ({ study_sessions }: ListedPage) => {
        expect(study_sessions.length).toBeLessThanOrEqual(limit);
        expectBoundedWork(calls);
      };
      const sessions = await walkPages({ send, query: `?limit=${limit}`, onPage });
      expect(sessions).toEqual(downward(ids).map(sessionWithId));
    });
    await expectAlways(run, 20);
  });

  test("below any id", async () => {
    const { send } = open();
    const ids = [...range(3, 9), ...range(120, 125)];
    await storeSessions(table, ids);
    await setCounter(table, 130);
    const run = fc.asyncProperty(fc.integer({ min: 1, max: 150 }), limits, async (before, limit) => {
      const sessions = await walkPages({ send, query: `?before=${before}&limit=${limit}` });
      expect(idsOf(sessions)).toEqual(downward(ids.filter((id) => id < before)));
    });
    await fc.assert(run, { numRuns: 20 });
  });

  test.each([1, 20])("while creates with ids in blocks of %d go on", async (idBlockSize) => {
    const run = fc.asyncProperty(limits, fc.nat(6), fc.nat(2), async (limit, count, between) => {
      const { send } = open({ idBlockSize });
      const create = async () => JSON.parse((await send(createRequest())).body);
      const atStart = await Promise.all(range(1, count).map(create));
      const underWay: Promise<unknown>[] = [];
      const createSome = () => {
        underWay.push(...range(1, between).map(create));
      };
      createSome();
      const ids = idsOf(await walkPages({ send, query: `?limit=${limit}`, onPage: createSome }));
      expect(ids).toEqual(downward(new Set(ids)));
      expect(ids).toEqual(expect.arrayContaining(idsOf(atStart)));
      await Promise.all(underWay);
    });
    await expectAlways(run, 5);
  });
});

describe("a page", () => {
  test("without gaps is read in two calls that read no session but its own", async () => {
    const { calls, list } = open();
    await storeSessions(table, range(1, 130));
    await setCounter(table, 130);
    for (const limit of [1, 20, 100]) {
      expect(idsOf((await list(`?limit=${limit}`)).study_sessions)).toHaveLength(limit);
      expect(calls.splice(0).map(({ keys }) => keys.length)).toEqual([1, limit]);
    }
  });

  test("reads twice as many ids after each batch that lacks some", async () => {
    const { calls, list } = open();
    await setCounter(table, 1000);
    expect(await list("?limit=1")).toEqual({
      study_sessions: [],
      next: "/api/study-sessions?limit=1&before=901",
    });
    expect(calls.map(({ keys }) => keys.length)).toEqual([1, 1, 2, 4, 8, 16, 32, 37]);
  });

  test("that has read more sessions than it may show leads on to those", async () => {
    const { calls, list } = open();
    await storeSessions(table, [7, 8, 10]);
    await setCounter(table, 10);
    const { study_sessions, next } = await list("?limit=2");
    expect(idsOf(study_sessions)).toEqual([10, 8]);
    expect(next).toBe("/api/study-sessions?limit=2&before=8");
    // The second batch is twice as many ids as the page lacks sessions.
    expect(calls.map(({ keys }) => keys.length)).toEqual([1, 2, 2]);
  });

  test("in a long gap is empty and leads on, and costs no more than others", async () => {
    const { calls, send } = open();
    await storeSessions(table, [1, 302]);
    await setCounter(table, 302);
    const pages: (readonly [number[], string | null])[] = [];
    const onPage = ({ study_sessions, next }: ListedPage) => {
      pages.push([idsOf(study_sessions), next?.split("?")[1] ?? null]);
      expectBoundedWork(calls);
    };
    await walkPages({ send, query: "", onPage });
    expect(pages).toEqual([
      [[302], "limit=20&before=203"],
      [[], "limit=20&before=103"],
      [[], "limit=20&before=3"],
      [[1], null],
    ]);
  });

  test("that could hold the lowest ids is the last one, whether it is full or not", async () => {
    const { list } = open();
    await storeSessions(table, [1, 2, 3]);
    await setCounter(table, 3);
    expect(await list("?limit=3")).toMatchObject({ next: null });
    expect(await list("?limit=4")).toMatchObject({ next: null });
    expect(await list("?limit=2")).toMatchObject({ next: "/api/study-sessions?limit=2&before=2" });
  });

  describe.each([
    ["no counter", undefined],
    ["a counter without an id", {}],
    ["a counter at 0", { last_id: 0 }],
  ])("of a table that has %s", (_, counter) => {
    test.each(["", "?before=1", `?before=${Number.MAX_SAFE_INTEGER}`])("is empty: %j", async (query) => {
      const { calls, list } = open();
      if (counter) await putItem(table, { pk: "counter#study_session", ...counter });
      expect(await list(query)).toEqual({ study_sessions: [], next: null });
      expect(calls.map(({ call }) => call)).toEqual(["GetItem counter"]);
    });
  });

  test("begins at the counter when `before` is far above it", async () => {
    const { calls, list } = open();
    await storeSessions(table, range(1, 5));
    await setCounter(table, 5);
    for (const before of [6, 7, 2 ** 53 - 1]) {
      expect(idsOf((await list(`?before=${before}`)).study_sessions)).toEqual([5, 4, 3, 2, 1]);
      expectBoundedWork(calls);
    }
  });

  test("is read when the counter is at its end", async () => {
    const { list } = open();
    await setCounter(table, Number.MAX_SAFE_INTEGER);
    await storeSessions(table, [Number.MAX_SAFE_INTEGER]);
    expect(await list()).toMatchObject({
      study_sessions: [{ id: Number.MAX_SAFE_INTEGER }],
      next: `/api/study-sessions?limit=20&before=${Number.MAX_SAFE_INTEGER - 99}`,
    });
  });
});

test("a session can be read and listed as soon as it is created", async () => {
  const { send, list } = open();
  const createAndRead = async () => {
    const { body } = await send(createRequest());
    const { id } = JSON.parse(body);
    expect((await send(readRequest(id))).body).toBe(body);
    expect(idsOf((await list("?limit=100")).study_sessions)).toContain(id);
  };
  await Promise.all(range(1, 10).map(createAndRead));
});

test.each([
  ["a text", "7"],
  ["a list", []],
  ["null", null],
  ["negative", -7],
  ["a fraction", 0.5],
  ["beyond 2^53-1", 2n ** 60n],
])("a counter that is %s gets 500 and a log entry that names the counter", async (_, lastId) => {
  const { send, log } = open();
  await setCounter(table, lastId);
  expect(await send(listRequest())).toMatchObject({
    status: 500,
    body: '{"error":"Internal server error"}',
  });
  expect(log).toMatchObject([
    { level: "ERROR", status: 500, cause: expect.stringContaining("counter#study_session") },
  ]);
});
