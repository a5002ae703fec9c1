import { rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import { readReferences } from "../../import/portal/portal-database.ts";
import type { NameMap } from "../../import/portal/portal-names.ts";
import { describeNames, findPortalTables } from "../../import/portal/portal-schema.ts";
import { createRowSummary } from "../../import/portal/row-summary.ts";
import { checkTarget } from "./portal-target.ts";
import { createRefusedRows } from "./refused-rows.ts";
import { checkInsert, insertSession } from "./session-insert.ts";
import { isBusyError, readSqliteError } from "./sqlite-error.ts";
import { findWriteObstacle } from "./write-obstacle.ts";

export interface PortalFile {
  readonly file: string;
  readonly nameMap: NameMap;
}

export type Reply<Result> =
  | { readonly kind: "done"; readonly result: Result }
  /** Another program holds a lock: the call has to be repeated. */
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly reason: string };

/** Short, so that the portal never waits longer for a lock of ours, and so that this thread soon serves other calls. */
const BUSY_TIMEOUT_MS = 50;

/**
 * This thread alone opens the file, and only with SQLite. On POSIX, a process loses its locks on a file when it closes any
 * descriptor of it: the portal would then believe that it is alone, and delete the write-ahead log that is in use here
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
const { file, nameMap }: PortalFile = workerData;

/** A portal that is set up anew puts another file in the place of the old one. */
const identify = () => {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!stats) throw new Error("there is no such file");
  if (!stats.isFile()) throw new Error("it is not a file");
  return `${stats.dev}:${stats.ino}`;
};

const open = () => {
  const identity = identify();
  const url = pathToFileURL(file);
  // SQLite must not create the file when somebody has just taken it away.
  url.searchParams.set("mode", "rw");
  const database = new DatabaseSync(url, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  try {
    const tables = findPortalTables({ database, nameMap });
    checkTarget(database, tables.study_sessions);
    checkInsert(database, tables.study_sessions);
    return { identity, database, tables };
  } catch (error) {
    database.close();
    throw error;
  }
};

let opened: ReturnType<typeof open> | undefined;
let openings = 0;

const close = () => {
  opened?.database.close();
  opened = undefined;
};

const connect = () => {
  if (opened && opened.identity === identify()) return opened;
  close();
  opened = open();
  openings++;
  return opened;
};

const reply = <Result>(work: () => Result): Reply<Result> => {
  try {
    return { kind: "done", result: work() };
  } catch (error) {
    if (isBusyError(error)) return { kind: "busy" };
    // The portal may have other tables now: the next call looks for them.
    close();
    return { kind: "failed", reason: readSqliteError(error).message };
  }
};

/** Changes whenever another program has changed the file, and with each opening of it. */
const readVersion = () => {
  const { database } = connect();
  return `${openings} ${database.prepare("PRAGMA data_version").get()?.data_version}`;
};

const calls = {
  /** Checks that sessions can be added. @returns a line for each name in the file that the service does not use */
  check: () =>
    reply(() => {
      const { tables } = connect();
      const obstacle = findWriteObstacle(file);
      if (obstacle !== undefined) throw new Error(obstacle);
      return describeNames(tables);
    }),

  readVersion: () => reply(readVersion),

  readReferences: () =>
    reply(() => {
      const { database, tables } = connect();
      const refusals = createRefusedRows();
      const report = { refusals, notes: createRowSummary() };
      database.exec("BEGIN");
      try {
        return {
          ...readReferences({ database, tables, report }),
          refusals: refusals.toLines(),
          refused: {
            groups: refusals.idsOf(tables.groups.name),
            study_activities: refusals.idsOf(tables.study_activities.name),
          },
        };
      } finally {
        database.exec("ROLLBACK");
      }
    }),

  /** Copies the file as it is at one moment. */
  copyTo: (copy: string) =>
    reply(() => {
      // An attempt at a locked file may have left a part.
      rmSync(copy, { force: true });
      connect().database.prepare("VACUUM INTO ?").run(copy);
      return undefined;
    }),

  insert: (session: StudySession) =>
    reply(() => {
      const { database, tables } = connect();
      return insertSession(database, tables.study_sessions, session);
    }),

  close: () => {
    close();
    parentPort?.close();
  },
};

export type PortalCalls = typeof calls;

createBirpc(calls, {
  post: (message) => parentPort?.postMessage(message),
  on: (receive) => parentPort?.on("message", receive),
});
