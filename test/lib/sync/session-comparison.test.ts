import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { openPortal, type Portal } from "../../../lib/sync/portal/portal-thread.ts";
import { openPortalSync } from "../../../lib/sync/portal-sync.ts";
import { createFolder } from "../../support/create-folder.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { openTestPortal, type TestPortal } from "../../support/portal.ts";
import { createPortalFile } from "../../support/portal-file.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { addSessions, putItem } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const { table } = useTableOfTest({ hasOwnEngine: true });
let file: string;
/** One thread for all tests: it notices that each has another file. */
let portal: Portal;
/** The portal's own server. */
let server: TestPortal;
/** The ids of the sessions that were read in a batch. */
let readIds: number[];

beforeAll(() => {
  file = join(createFolder(), "words.db");
  portal = openPortal({ name: "words.db", file, nameMap: new Map() });
  runAtEnd(portal.close);
});

const createFile = (options: Omit<Parameters<typeof createPortalFile>[0], "file"> = {}) => {
  rmSync(file, { force: true });
  createPortalFile({ file, ...options });
  server = openTestPortal(file);
};

beforeEach(() => {
  readIds = [];
  interceptCalls(table.client, ({ call, keys, forward }) => {
    if (call === "BatchGetItem study_session") readIds.push(...keys.map((key) => Number(key.split("#")[1])));
    return forward();
  });
  createFile();
});

/** Does what a start does. @returns the lines about sessions, and the ids that the comparison read */
const start = async ({ isDryRun = false } = {}) => {
  const problems: string[] = [];
  const sync = await openPortalSync({
    ...table,
    isLocal: true,
    portal,
    isDryRun,
    onProblem: (line) => problems.push(line),
    signal: new AbortController().signal,
  });
  readIds = [];
  const imported = await sync.importOld(() => {});
  const compared = readIds;
  if (!isDryRun) await sync.copySessions({ isWhole: true, onInserted: () => {} });
  return { problems, imported, compared };
};

const create = (count: number) => addSessions(table, count);

const readRows = () => server.sessionIds();

const conflictOf = (id: number) => expect.stringContaining(`study session ${id}: the portal has another one`);

describe("a session of the portal under the id of another session", () => {
  test("is listed at each start, with the values of both sides, and both stay", async () => {
    await create(3);
    await start();
    server.run(
      "DELETE FROM study_sessions; INSERT INTO study_sessions VALUES (2, 7, 2, '2025-02-20 12:00:00')",
    );
    const stored = await readItem(table, pk.studySession(2));
    const line = `study session 2: the portal has another one with this id (group 7, study activity 2, "2025-02-20 12:00:00"; in the table: group 1, study activity 2, "${stored?.created_at}")`;
    for (let round = 0; round < 2; round++) expect((await start()).problems).toEqual([line]);
    expect(await readItem(table, pk.studySession(2))).toEqual(stored);
    expect(readRows()).toEqual([2]);
  });

  test("is listed also when it has the id of a session that was imported", async () => {
    server.run("INSERT INTO study_sessions VALUES (5, 1, 2, '2025-02-20 12:00:00')");
    expect(await start()).toMatchObject({ problems: [], imported: 1 });
    server.run("UPDATE study_sessions SET created_at = '2025-02-20 12:00:01'");
    for (let round = 0; round < 2; round++) {
      expect(await start()).toMatchObject({ problems: [conflictOf(5)], imported: 0 });
    }
  });

  test("can be a copy that the portal has changed", async () => {
    const changes = [
      "group_id = NULL",
      "study_activity_id = 3",
      "created_at = '2025-02-20 12:00:00'",
      "created_at = NULL",
    ];
    await create(changes.length);
    await start();
    for (const [index, change] of changes.entries()) {
      server.run(`UPDATE study_sessions SET ${change} WHERE id = ${index + 1}`);
    }
    const conflicts = changes.map((_, index) => conflictOf(index + 1));
    expect((await start()).problems).toEqual(expect.arrayContaining(conflicts));
  });

  test("is listed in a dry run, which stores nothing", async () => {
    await create(1);
    await start();
    server.run("UPDATE study_sessions SET group_id = 7");
    const before = await readItem(table, pk.portalBlocks);
    expect((await start({ isDryRun: true })).problems).toEqual([conflictOf(1)]);
    expect(await readItem(table, pk.portalBlocks)).toEqual(before);
  });

  test("is listed no more when the portal has deleted it", async () => {
    await create(2);
    await start();
    server.run("UPDATE study_sessions SET group_id = 7 WHERE id = 1");
    await start();
    server.run("DELETE FROM study_sessions WHERE id = 1");
    expect((await start()).problems).toEqual([]);
    expect(readRows()).toEqual([2]);
  });

  test("gets one of at most 20 lines, and a last line counts the others", async () => {
    await create(23);
    await start();
    server.run("UPDATE study_sessions SET group_id = 7");
    const { problems } = await start();
    expect(problems.slice(0, -1)).toEqual(Array.from({ length: 20 }, (_, index) => conflictOf(index + 1)));
    expect(problems.at(-1)).toBe("and 3 more such study sessions");
  });

  test("is reported once by a start that copies the session", async () => {
    await create(1);
    server.run("INSERT INTO study_sessions VALUES (1, 7, 2, '2025-02-20 12:00:00')");
    expect((await start()).problems).toEqual([conflictOf(1)]);
  });

  test("is none when one of several rows with the id is a copy", async () => {
    server.run(
      "DROP TABLE study_sessions; CREATE TABLE study_sessions (id, group_id, study_activity_id, created_at)",
    );
    await create(1);
    await start();
    server.run("INSERT INTO study_sessions VALUES (1, 7, 2, '2025-02-20 12:00:00')");
    expect((await start()).problems).not.toContainEqual(conflictOf(1));
  });
});

test.each([
  ["text", "2025-02-20 12:00:00.123456"],
  ["a date", "2025-02-20"],
  ["a time with a zone", "2025-02-20T12:00:00.1+09:00"],
  ["seconds", 1740052800],
  ["seconds with a fraction", 1740052800.1236],
  ["milliseconds", 1740052800123],
])(
  "%s in the portal is the time of the session that came from it, and of one that was copied",
  async (_, time) => {
    server.close();
    createFile({ sessions: [[3, 1, 2, time]] });
    await create(2);
    expect(await start()).toMatchObject({ problems: [], imported: 1 });
    expect(readRows()).toEqual([1, 2, 3]);
    expect(await start()).toMatchObject({ problems: [], compared: [1, 2, 3] });
  },
);

test("a session that the portal creates under the id of an imported one that it deleted before is imported", async () => {
  server.run("INSERT INTO study_sessions VALUES (5, 1, 2, '2025-02-20 12:00:00')");
  await start();
  server.run("INSERT INTO study_sessions VALUES (3, 7, 2, '2025-02-21 12:00:00')");
  expect(await start()).toMatchObject({ problems: [], imported: 1 });
  expect(await readItem(table, pk.studySession(3))).toMatchObject({ group_id: 7 });
  expect(await start()).toMatchObject({ problems: [], imported: 0 });
});

describe("the comparison reads", () => {
  const createThere = (...ids: readonly number[]) =>
    server.run(
      `INSERT INTO study_sessions VALUES ${ids.map((id) => `(${id}, 1, 2, '2025-02-20 12:00:00')`)}`,
    );

  test("each copied session once, and nothing while the portal's sessions stay as they are", async () => {
    await create(3);
    await start();
    expect((await start()).compared).toEqual([1, 2, 3]);
    expect((await start()).compared).toEqual([]);
    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    expect((await start()).compared).toEqual([]);
  });

  test("no session that the start itself imports", async () => {
    createThere(1, 99, 100, 250);
    expect(await start()).toMatchObject({ imported: 4, compared: [] });
    expect((await start()).compared).toEqual([]);
  });

  test("the hundred in which the portal has changed something", async () => {
    createThere(99, 100, 150, 199, 200);
    await start();
    server.run("DELETE FROM study_sessions WHERE id = 150");
    expect((await start()).compared).toEqual([100, 199]);
    expect((await start()).compared).toEqual([]);
  });

  test("the hundred of each conflict, at each start", async () => {
    createThere(99, 100, 110, 120);
    await start();
    server.run("UPDATE study_sessions SET group_id = 7 WHERE id = 110");
    for (let round = 0; round < 2; round++) {
      const { problems, compared } = await start();
      expect(problems).toEqual([conflictOf(110)]);
      expect(compared).toEqual([100, 110, 120]);
    }
  });

  test("all sessions when the item of the last comparison is gone or is none", async () => {
    await create(3);
    await start();
    await start();
    await putItem(table, { pk: pk.portalBlocks, digests: "none" });
    expect((await start()).compared).toEqual([1, 2, 3]);
    expect((await start()).compared).toEqual([]);
  });
});

test("a stored item that is no session makes no conflict", async () => {
  await create(2);
  await start();
  await putItem(table, { pk: pk.studySession(1), id: 7 });
  for (let round = 0; round < 2; round++) {
    expect(await start()).toMatchObject({ problems: [], compared: [1, 2] });
  }
});
