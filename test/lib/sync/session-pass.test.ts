import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import { openCopyState } from "../../../lib/sync/copy-state.ts";
import { MAX_GAPS } from "../../../lib/sync/id-gaps.ts";
import { insertSession } from "../../../lib/sync/portal/session-insert.ts";
import { openServiceTable, readCounter, readSessions } from "../../../lib/sync/service-table.ts";
import { createSessionCopier } from "../../../lib/sync/session-copier.ts";
import { copyNewSessions, lookAtGaps } from "../../../lib/sync/session-pass.ts";
import { createSessions as createWithBlocks } from "../../support/create-sessions.ts";
import { VALID } from "../../support/events.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { range } from "../../support/range.ts";
import {
  addSessions,
  putItem,
  putItems,
  removeItem,
  sessionWithId,
  setCounter,
} from "../../support/stored-sessions.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const TABLE = {
  name: "study_sessions",
  columns: new Map(["id", "group_id", "study_activity_id", "created_at"].map((name) => [name, [name]])),
};

const { table } = useTableOfTest({ hasOwnEngine: true });
let portal: DatabaseSync;
/** The calls to the table since the last look at them. */
let calls: string[];

const createPortal = (id = "INTEGER PRIMARY KEY") => {
  portal = new DatabaseSync(":memory:");
  portal.exec(`CREATE TABLE groups (id INTEGER PRIMARY KEY);
    INSERT INTO groups VALUES (1), (2);
    CREATE TABLE study_sessions (id ${id}, group_id INTEGER REFERENCES groups, study_activity_id, created_at TEXT)`);
};

beforeEach(() => {
  calls = [];
  interceptCalls(table.client, ({ call, keys, forward }) => {
    calls.push(keys.length > 1 ? `${call} × ${keys.length}` : call);
    return forward();
  });
  createPortal();
});

afterEach(() => portal.close());

const createSessions = (count: number) => addSessions(table, count);

/** Stores a session as a slow request does, whose id others have passed by. */
const storeLate = (id: number, members = {}) => {
  const session = { id, ...VALID, created_at: new Date().toISOString(), ...members };
  return putItem(table, { pk: pk.studySession(id), ...session });
};

const takeId = (id: number) => removeItem(table, pk.studySession(id));

interface Hooks {
  readonly beforeInsert?: (id: number) => void;
  readonly signal?: AbortSignal;
}

/** Opens the copy as a new process does. */
const openCopy = async ({ beforeInsert = () => {}, signal = new AbortController().signal }: Hooks = {}) => {
  const problems: string[] = [];
  const stored = await openCopyState(table);
  const service = openServiceTable({ ...table, unitsPerSecond: Number.POSITIVE_INFINITY });
  const copier = createSessionCopier({ stored, onProblem: (line) => problems.push(line) });
  const insert = async (session: StudySession) => {
    beforeInsert(session.id);
    return insertSession(portal, TABLE, session);
  };
  const copyNow = (session: StudySession) => copier.copy(session.id, session, insert);
  const options = {
    stored,
    copier,
    insert,
    readSessions: (ids: readonly number[]) => readSessions(service, ids),
    signal,
  };
  const copyNew = async () => copyNewSessions(options, await readCounter(service, true));
  return { problems, stored, copyNow, copyNew, look: (isEager: boolean) => lookAtGaps(options, isEager) };
};

/** Runs one pass in a process of its own. */
const pass = async (hooks?: Hooks) => {
  const { problems, copyNew, look } = await openCopy(hooks);
  await copyNew();
  await look(true);
  return problems;
};

const portalIds = () =>
  portal
    .prepare("SELECT id FROM study_sessions ORDER BY id")
    .all()
    .map(({ id }) => id);

const takeCalls = () => calls.splice(0);

test("copies what the service created, and reads only what is new", async () => {
  await createSessions(3);
  expect(await pass()).toEqual([]);
  expect(portalIds()).toEqual([1, 2, 3]);
  await createSessions(2);
  takeCalls();
  await pass();
  expect(portalIds()).toEqual([1, 2, 3, 4, 5]);
  expect(takeCalls()).toEqual([
    "GetItem portal_copy",
    "GetItem counter",
    "BatchGetItem study_session × 2",
    "PutItem portal_copy",
  ]);
  await pass();
  expect(takeCalls()).toEqual(["GetItem portal_copy", "GetItem counter"]);
});

test("copies into a portal of its own nothing that came from there", async () => {
  for (const id of [1, 2, 3, 1002, 1003, 1004]) await storeLate(id);
  await putItem(table, { pk: pk.counter, last_id: 1004, imported: [{ above: 2, to: 1002 }] });
  takeCalls();
  await pass();
  expect(portalIds()).toEqual([1, 2, 1003, 1004]);
  expect(takeCalls()).toContain("BatchGetItem study_session × 4");
});

describe("an id without a session", () => {
  test("is looked at again, and its session is copied late", async () => {
    await createSessions(4);
    await takeId(2);
    await takeId(4);
    await pass();
    expect(portalIds()).toEqual([1, 3]);
    await storeLate(2);
    takeCalls();
    await pass();
    expect(takeCalls()).toContain("BatchGetItem study_session × 2");
    expect(portalIds()).toEqual([1, 2, 3]);
    await storeLate(4);
    await pass();
    expect(portalIds()).toEqual([1, 2, 3, 4]);
    takeCalls();
    await pass();
    expect(takeCalls()).toEqual(["GetItem portal_copy", "GetItem counter"]);
  });

  test("is not looked at again at once by a process that goes on", async () => {
    await createSessions(1);
    await takeId(1);
    const { copyNew, look } = await openCopy();
    await copyNew();
    takeCalls();
    await look(false);
    expect(takeCalls()).toEqual([]);
    await look(true);
    expect(takeCalls()).toEqual(["BatchGetItem study_session"]);
  });

  test("is given up when a session of yesterday has a higher id", async () => {
    await createSessions(3);
    await takeId(1);
    await takeId(3);
    await storeLate(2, { created_at: new Date(Date.now() - 25 * 60 * 60 * 1000).toISOString() });
    const { stored, copyNew } = await openCopy();
    await copyNew();
    expect(stored.get()).toMatchObject({ settledTo: 3, gaps: [{ first: 3, last: 3 }] });
  });

  test("waits in the rest of a block of reserved ids", async () => {
    await createWithBlocks({ ...table, count: 2, idBlockSize: 300 });
    await pass();
    expect(portalIds()).toEqual([1, 2]);
    await storeLate(300);
    await storeLate(150);
    await pass();
    expect(portalIds()).toEqual([1, 2, 150, 300]);
    const { gaps } = (await openCopyState(table)).get();
    expect(gaps.map(({ first, last }) => [first, last])).toEqual([
      [3, 149],
      [151, 299],
    ]);
  });
});

describe("a service of which every second id has no session", () => {
  const SETTLED_TO = 2 * MAX_GAPS;
  const COUNT = 60;
  const HOUR = 60 * 60 * 1000;
  const MINUTE = 60 * 1000;

  /** Makes the state as a copy leaves it after so many ids that it has no room for another gap. */
  const fillState = async (age: number) => {
    const since = Math.ceil((Date.now() - age) / MINUTE) * MINUTE;
    const gaps = range(1, MAX_GAPS).map((gap) => ({ first: 2 * gap, last: 2 * gap, since, lookedAt: 0 }));
    await (await openCopyState(table)).update({ settledTo: SETTLED_TO, gaps });
  };

  /** Stores every second session, as after as many creates with an unknown group as with a known one. */
  const storeEverySecond = async (above: number, age: number) => {
    const created_at = new Date(Date.now() - age).toISOString();
    const ids = range(0, COUNT - 1).map((index) => above + 2 * index + 1);
    await putItems(
      table,
      ids.map((id) => ({ pk: pk.studySession(id), ...sessionWithId(id), created_at })),
    );
    await setCounter(table, above + 2 * COUNT);
  };

  test("is copied in one pass, again and again", async () => {
    await fillState(2 * HOUR);
    await storeEverySecond(SETTLED_TO, 2 * HOUR);
    expect(await pass()).toEqual([]);
    expect(portalIds()).toHaveLength(COUNT);
    await storeEverySecond(SETTLED_TO + 2 * COUNT, HOUR);
    expect(await pass()).toEqual([]);
    expect(portalIds()).toHaveLength(2 * COUNT);
  });

  test("makes the copy wait while a slow request may still fill a gap", async () => {
    await fillState(0);
    await storeEverySecond(SETTLED_TO, 0);
    const { problems, copyNew, look } = await openCopy();
    await copyNew();
    await look(false);
    await copyNew();
    expect(problems).toEqual([expect.stringMatching(/^Newer study sessions may not be in the portal yet/)]);
    expect(portalIds().length).toBeLessThan(COUNT);
    // The oldest missing id: its session comes late, and is copied before the id is given up.
    await storeLate(2);
    takeCalls();
    await copyNew();
    expect(takeCalls()).toEqual(["GetItem counter"]);

    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * MINUTE);
    await copyNew();
    expect(problems).toHaveLength(1);
    expect(portalIds()).toHaveLength(COUNT + 1);
  });

  test("is copied by the next process", async () => {
    await fillState(0);
    await storeEverySecond(SETTLED_TO, 0);
    expect(await pass()).toHaveLength(1);
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * MINUTE);
    expect(await pass()).toEqual([]);
    expect(portalIds()).toHaveLength(COUNT);
  });
});

describe("what the portal deletes", () => {
  test.each(["INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"])(
    "does not come back (%s)",
    async (id) => {
      createPortal(id);
      await createSessions(5);
      await takeId(2);
      await pass();
      portal.exec("DELETE FROM study_sessions");
      await createSessions(1);
      await storeLate(2);
      await pass();
      expect(portalIds()).toEqual([2, 6]);
      portal.exec("DELETE FROM study_sessions");
      await pass();
      expect(portalIds()).toEqual([]);
    },
  );
});

describe("a process that ends in the middle", () => {
  test("before the state is written, doubles nothing and loses nothing", async () => {
    await createSessions(3);
    const crashed = await openCopy();
    await crashed.stored.update({});
    await putItem(table, {
      pk: pk.portalCopy,
      revision: "another",
      settled_to: 0,
      gaps: [],
      imported_to: 0,
      groups: [],
      study_activities: [],
    });
    await expect(crashed.copyNew()).rejects.toThrow("Another program copies between this table and a portal");
    expect(portalIds()).toEqual([1, 2, 3]);
    expect(await pass()).toEqual([]);
    expect(portalIds()).toEqual([1, 2, 3]);
  });

  test("because the portal can't be written, keeps what it did", async () => {
    await createSessions(4);
    const beforeInsert = (id: number) => {
      if (id === 3) throw new Error("disk full");
    };
    await expect(pass({ beforeInsert })).rejects.toThrow("disk full");
    portal.exec("DELETE FROM study_sessions");
    await pass();
    expect(portalIds()).toEqual([3, 4]);
  });

  test("by a signal, goes on where it was", async () => {
    await createSessions(4);
    const ending = new AbortController();
    await pass({ signal: ending.signal, beforeInsert: (id) => id === 2 && ending.abort() });
    expect(portalIds()).toEqual([1, 2]);
    await pass();
    expect(portalIds()).toEqual([1, 2, 3, 4]);
  });
});

describe("a session that the portal does not take", () => {
  test("because it has another one with this id, is named once and left alone", async () => {
    await createSessions(2);
    portal.exec("INSERT INTO study_sessions VALUES (1, 2, 2, '2025-02-20 12:00:00')");
    expect(await pass()).toEqual([
      expect.stringMatching(
        /^study session 1: the portal has another one with this id \(group 2, study activity 2, "2025-02-20 12:00:00"; in the table: group 1, study activity 2, ".*Z"\)$/,
      ),
    ]);
    expect(await pass()).toEqual([]);
    expect(portal.prepare("SELECT group_id FROM study_sessions WHERE id = 1").get()?.group_id).toBe(2);
    expect(portalIds()).toEqual([1, 2]);
  });

  test("because its group is gone, is named, keeps no other back, and follows later", async () => {
    await createSessions(2);
    portal.exec("PRAGMA foreign_keys = ON; DELETE FROM groups WHERE id = 1");
    await storeLate(1, { group_id: 2 });
    const { problems, copyNew, look } = await openCopy();
    await copyNew();
    expect(problems).toEqual(["study session 2 is not in the portal: FOREIGN KEY constraint failed"]);
    await look(true);
    expect(problems).toHaveLength(1);
    expect(portalIds()).toEqual([1]);
    portal.exec("INSERT INTO groups VALUES (1)");
    expect(await pass()).toEqual([]);
    expect(portalIds()).toEqual([1, 2]);
  });

  test("because it can't be read, is named", async () => {
    await createSessions(2);
    await storeLate(1, { created_at: "yesterday" });
    const [problem, ...others] = await pass();
    expect(problem).toMatch(/^study session 1 is not in the portal: study_session#1 can't be read: /);
    expect(others).toEqual([]);
    expect(portalIds()).toEqual([2]);
  });

  test("for a day, is given up", async () => {
    portal.exec("PRAGMA foreign_keys = ON; DELETE FROM groups");
    await createSessions(2);
    const created_at = new Date(Date.now() - 25 * 60 * 60 * 1000).toISOString();
    await storeLate(2, { created_at });
    await takeId(1);
    await storeLate(1, { created_at });
    const problems = await pass();
    expect(problems).toContain("study session 1 is not retried");
    portal.exec("INSERT INTO groups VALUES (1)");
    await pass();
    expect(portalIds()).toEqual([2]);
  });
});

describe("a session that was just created", () => {
  const newest = async (copy: Awaited<ReturnType<typeof openCopy>>, id: number) => {
    const session = { id, ...VALID, created_at: new Date().toISOString() };
    await copy.copyNow(session);
  };

  test("is copied at once, and then settled without a read", async () => {
    const copy = await openCopy();
    await createSessions(2);
    await newest(copy, 1);
    await newest(copy, 2);
    expect(portalIds()).toEqual([1, 2]);
    portal.exec("DELETE FROM study_sessions");
    takeCalls();
    await newest(copy, 1);
    await copy.copyNew();
    await newest(copy, 1);
    expect(portalIds()).toEqual([]);
    expect(takeCalls()).toEqual(["GetItem counter", "PutItem portal_copy"]);
    expect(copy.stored.get().settledTo).toBe(2);
  });

  test("closes its gap", async () => {
    const copy = await openCopy();
    await createWithBlocks({ ...table, count: 1, idBlockSize: 100 });
    await copy.copyNew();
    await newest(copy, 2);
    await copy.look(false);
    expect(copy.stored.get().gaps).toMatchObject([{ first: 3, last: 100 }]);
  });
});
