import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { readReferences } from "../../../lib/database/stored-references.ts";
import { openPortal, type Portal } from "../../../lib/sync/portal/portal-thread.ts";
import { openPortalSync } from "../../../lib/sync/portal-sync.ts";
import { createFolder } from "../../support/create-folder.ts";
import { createSessions } from "../../support/create-sessions.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { openTestPortal, type TestPortal } from "../../support/portal.ts";
import { createPortalFile } from "../../support/portal-file.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { addSessions, putItem, removeItem } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const { table } = useTableOfTest({ hasOwnEngine: true });
let folder: string;
let file: string;
/** The portal's own server. */
let server: TestPortal;
let calls: string[];
/** The inputs of the calls to DynamoDB. */
let inputs: unknown[];
/** The call after which the process dies. */
let crashAfter: string | undefined;
let portal: Portal;
/** One thread for most tests: it notices that each has another file. */
let sharedPortal: Portal;

const openThread = (path: string) => {
  const opened = openPortal({ name: "words.db", file: path, nameMap: new Map() });
  runAtEnd(opened.close);
  return opened;
};

beforeAll(() => {
  folder = createFolder();
  sharedPortal = openThread(join(folder, "words.db"));
});

const createFile = () => {
  file = createPortalFile({ file: portal.file });
  server = openTestPortal(file);
};

/** Gives a test in WAL mode a file of its own: the next file must not be beside its log. */
const createOwnFile = () => {
  portal = openThread(join(createFolder(), "words.db"));
  createFile();
};

beforeEach(() => {
  calls = [];
  inputs = [];
  crashAfter = undefined;
  interceptCalls(table.client, async ({ call, input, forward }) => {
    calls.push(call);
    inputs.push(input);
    const response = await forward();
    if (call === crashAfter) throw new Error("crashed");
    return response;
  });
  portal = sharedPortal;
  rmSync(portal.file, { force: true });
  createFile();
});

/** Does what a start does. */
const open = async ({ isLocal = true } = {}) => {
  const problems: string[] = [];
  const sync = await openPortalSync({
    ...table,
    isLocal,
    portal,
    onProblem: (line) => problems.push(line),
    signal: new AbortController().signal,
  });
  return { ...sync, problems };
};

const names = async () => {
  const { groups, study_activities } = await readReferences(table.client, table.tableName);
  return {
    groups: groups.map(({ id, name }) => `${id} ${name}`),
    activities: study_activities.map(({ id, name }) => `${id} ${name}`),
  };
};

const NO_CHANGES = { added: 0, changed: 0, removed: 0 };
const FIRST_NAMES = { groups: ["1 Core Verbs", "7 Kanji"], activities: ["2 Flashcards"] };

describe("groups and study activities", () => {
  test("of the table become those of the portal, and sessions stay", async () => {
    await addSessions(table, 1, { group_id: 2, study_activity_id: 3 });
    const { copyReferences } = await open();
    expect(await copyReferences()).toEqual({
      groups: { added: 1, changed: 0, removed: 1 },
      study_activities: { added: 0, changed: 1, removed: 4 },
    });
    expect(await names()).toEqual(FIRST_NAMES);
    expect(await readItem(table, pk.group(7))).toEqual({
      pk: "group#7",
      id: 7,
      name: "Kanji",
      words_count: 100,
    });
    expect(await readItem(table, pk.studySession(1))).toMatchObject({ group_id: 2, study_activity_id: 3 });
  });

  test("are read only when the file has changed, and written only where they differ", async () => {
    const { copyReferences } = await open();
    await copyReferences();
    calls.splice(0);
    expect(await copyReferences()).toBeUndefined();
    expect(calls).toEqual([]);

    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    expect(await copyReferences()).toEqual({
      groups: { added: 1, changed: 0, removed: 0 },
      study_activities: NO_CHANGES,
    });
    expect(calls).toEqual(["PutItem portal_copy", "BatchWriteItem "]);
    calls.splice(0);

    server.run("INSERT INTO study_sessions (group_id) VALUES (1)");
    expect(await copyReferences()).toEqual({ groups: NO_CHANGES, study_activities: NO_CHANGES });
    expect(calls).toEqual([]);

    server.run("UPDATE groups SET name = 'Verbs' WHERE id = 1; DELETE FROM groups WHERE id = 7");
    expect(await copyReferences()).toEqual({
      groups: { added: 0, changed: 1, removed: 1 },
      study_activities: NO_CHANGES,
    });
    expect((await names()).groups).toEqual(["1 Verbs", "8 Numbers"]);
  });

  test("that went while nobody looked are removed without a look through the whole table", async () => {
    const first = await open();
    await first.copyReferences();
    server.run("DELETE FROM groups WHERE id = 7");
    const { copyReferences } = await open();
    calls.splice(0);
    await copyReferences();
    expect(calls.filter((call) => call.startsWith("Scan"))).toEqual([]);
    expect((await names()).groups).toEqual(["1 Core Verbs"]);
  });

  test("whose rows can't be taken any more stay as they are, until the portal removes them", async () => {
    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    await (await open()).copyReferences();
    server.run("UPDATE groups SET name = CAST(x'ff' AS TEXT) WHERE id = 7; DELETE FROM groups WHERE id = 8");
    server.run("UPDATE study_activities SET name = printf('%.*c', 2049, 'x')");
    server.run("INSERT INTO study_activities (id, name) VALUES (3, 'Typing')");
    const { copyReferences, problems } = await open();
    expect(await copyReferences()).toEqual({
      groups: { added: 0, changed: 0, removed: 1 },
      study_activities: { added: 1, changed: 0, removed: 0 },
    });
    expect(await names()).toEqual({ groups: FIRST_NAMES.groups, activities: ["2 Flashcards", "3 Typing"] });
    expect(problems).toHaveLength(2);

    server.run("UPDATE study_activities SET name = 'Cards' WHERE id = 2; DELETE FROM groups WHERE id = 7");
    expect(await copyReferences()).toEqual({
      groups: { added: 0, changed: 0, removed: 1 },
      study_activities: { added: 0, changed: 1, removed: 0 },
    });
  });

  test("stay as they are when the portal has none that can be taken", async () => {
    await (await open()).copyReferences();
    server.run("UPDATE groups SET name = x'ff'");
    const { copyReferences, problems } = await open();
    expect(await copyReferences()).toBeUndefined();
    expect(await names()).toEqual(FIRST_NAMES);
    expect(problems).toContain(
      "The portal has no groups that can be copied, so the table keeps its groups and study activities",
    );
  });

  test("that a crash left behind are removed", async () => {
    await (await open()).copyReferences();
    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    const crashed = await open();
    crashAfter = "BatchWriteItem ";
    await expect(crashed.copyReferences()).rejects.toThrow("crashed");
    crashAfter = undefined;
    server.run("DELETE FROM groups WHERE id = 8");
    await (await open()).copyReferences();
    expect((await names()).groups).toEqual(["1 Core Verbs", "7 Kanji"]);
  });

  test.each([
    ["groups", "The portal has no groups"],
    ["study_activities", "The portal has no study activities"],
  ])("stay as they are when the portal has no %s", async (name, problem) => {
    const { copyReferences, problems } = await open();
    await copyReferences();
    server.run(`DELETE FROM ${name}`);
    expect(await copyReferences()).toBeUndefined();
    expect(await names()).toEqual(FIRST_NAMES);
    expect(problems).toEqual([`${problem}, so the table keeps its groups and study activities`]);
  });
});

describe("the portal's file", () => {
  const copySessions = async (sync: Awaited<ReturnType<typeof open>>) => {
    let inserted = 0;
    await sync.copySessions({ isWhole: true, onInserted: () => inserted++ });
    return inserted;
  };

  test.each(["DELETE", "WAL"])("gets sessions while the portal has it open (%s)", async (mode) => {
    createOwnFile();
    server.run(`PRAGMA journal_mode = ${mode}`);
    await addSessions(table, 3);
    const sync = await open();
    expect(await copySessions(sync)).toBe(3);
    expect(server.sessionIds()).toEqual([1, 2, 3]);
    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    await sync.copyReferences();
    expect((await names()).groups).toContain("8 Numbers");
  });

  test("may be locked for a while, in which this thread serves others", async () => {
    const [session] = await addSessions(table, 1);
    const { copyNow } = await open();
    server.run("BEGIN EXCLUSIVE");
    let turns = 0;
    const copied = session && copyNow(session, 60_000);
    while (turns < 20) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      turns++;
    }
    server.run("COMMIT");
    await copied;
    expect(server.sessionIds()).toEqual([1]);
  });

  test("is named when it stays locked, and the session follows later", async () => {
    const [session] = await addSessions(table, 1);
    const sync = await open();
    server.run("BEGIN IMMEDIATE");
    await expect(session && sync.copyNow(session, 0)).rejects.toThrow(
      "words.db is locked by another program",
    );
    server.run("COMMIT");
    expect(await copySessions(sync)).toBe(1);
  });

  test("can be replaced by another one", async () => {
    const sync = await open();
    await sync.copyReferences();
    const other = createPortalFile({
      file: join(folder, "other.db"),
      sql: "INSERT INTO groups VALUES (8, 'Numbers', 9);",
    });
    renameSync(other, file);
    await sync.copyReferences();
    expect((await names()).groups).toContain("8 Numbers");
    await addSessions(table, 1);
    expect(await copySessions(sync)).toBe(1);
    const restarted = openTestPortal(file);
    expect(restarted.sessionIds()).toEqual([1]);
    restarted.close();
  });

  test("can get other tables", async () => {
    const sync = await open();
    await sync.copyReferences();
    server.run("ALTER TABLE study_sessions RENAME TO sessions");
    await addSessions(table, 1);
    await expect(copySessions(sync)).rejects.toThrow("words.db can't be used: no such table");
    expect(await copySessions(sync)).toBe(1);
  });

  test("that is gone is not made anew", async () => {
    const sync = await open();
    const kept = join(folder, "kept.db");
    copyFileSync(file, kept);
    rmSync(file);
    await addSessions(table, 1);
    await expect(copySessions(sync)).rejects.toThrow("words.db can't be used: there is no such file");
    renameSync(kept, file);
    expect(await copySessions(sync)).toBe(1);
  });
});

describe("the portal's own sessions", () => {
  const progress = () => {};

  const insertOwn = () =>
    server.run(`INSERT INTO study_sessions VALUES
      (40, 1, 2, '2025-02-20 12:00:00'), (41, 9, 2, '2025-02-20 12:00:00'), (42, NULL, 2, '2025-02-20 12:00:00')`);

  beforeEach(insertOwn);

  test("come into the table once, and the service goes on after them", async () => {
    const { importOld, problems } = await open();
    expect(await importOld(progress)).toBe(2);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^study_sessions, 1 row: group_id is missing/);
    expect(await readItem(table, pk.studySession(41))).toMatchObject({ group_id: 9 });
    const [session] = await createSessions(table);
    expect(session?.id).toBe(43);
    calls.splice(0);
    const again = await open();
    expect(await again.importOld(progress)).toBe(0);
    expect(again.problems).toEqual([]);
    expect(calls.filter((call) => call.startsWith("PutItem study_session"))).toEqual([]);
  });

  const LOCKS = "/proc/locks";
  const testWithLocks = existsSync(LOCKS) ? test : test.skip;

  testWithLocks("come without the loss of SQLite's lock on a file in WAL mode", async () => {
    createOwnFile();
    insertOwn();
    server.run("PRAGMA journal_mode = WAL");
    server.close();
    const hasLock = () => readFileSync(LOCKS, "utf8").includes(`:${statSync(file).ino} `);
    const sync = await open();
    await sync.copyReferences();
    expect(hasLock()).toBe(true);
    await sync.importOld(progress);
    expect(hasLock()).toBe(true);
  });

  test("are told from copies of the service's sessions", async () => {
    const sync = await open();
    await sync.importOld(progress);
    await addSessions(table, 2);
    await sync.copySessions({ isWhole: true, onInserted: progress });
    server.run("INSERT INTO study_sessions VALUES (45, 1, 2, '2025-02-21 12:00:00')");
    const again = await open();
    calls.splice(0);
    expect(await again.importOld(progress)).toBe(1);
    expect(calls.filter((call) => call === "PutItem study_session")).toHaveLength(1);
    await again.copySessions({ isWhole: true, onInserted: progress });
    expect(again.problems).toEqual([]);
    expect(server.sessionIds()).toEqual([40, 41, 42, 43, 44, 45]);
  });

  test("that came in an import that was ended in the middle are completed", async () => {
    await putItem(table, { pk: pk.counter, last_id: 42, imported: [{ above: 0, to: 42 }] });
    const { importOld } = await open();
    expect(await importOld(progress)).toBe(2);
  });

  test("that have ids which the service gave out and lost are named at each start", async () => {
    await addSessions(table, 41);
    await removeItem(table, pk.studySession(40));
    for (let start = 0; start < 2; start++) {
      const { importOld, problems } = await open();
      expect(await importOld(progress)).toBe(0);
      expect(problems).toContain(
        "study_sessions, 1 row: not imported, because the service gave the id to one of its own requests (id 40)",
      );
    }
  });

  test("that have ids of the service's sessions are conflicts", async () => {
    await addSessions(table, 40);
    const { importOld, copySessions, problems } = await open();
    expect(await importOld(progress)).toBe(1);
    problems.splice(0);
    await copySessions({ isWhole: true, onInserted: progress });
    expect(problems).toEqual([expect.stringMatching(/^study session 40: the portal has another one/)]);
  });
});

test("costs half a read unit for a look that finds nothing", async () => {
  await addSessions(table, 2);
  const sync = await open({ isLocal: false });
  const pass = { isWhole: false, onInserted: () => {} };
  await sync.copyReferences();
  await sync.copySessions({ ...pass, isWhole: true });
  inputs.splice(0);
  await sync.copyReferences();
  await sync.copySessions(pass);
  expect(inputs).toEqual([
    expect.objectContaining({ Key: { pk: { S: pk.counter } }, ConsistentRead: false }),
  ]);
});
