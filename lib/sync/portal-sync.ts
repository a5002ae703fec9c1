import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { openCopyState } from "./copy-state.ts";
import { importOldSessions } from "./old-sessions.ts";
import { withSnapshot } from "./portal/portal-snapshot.ts";
import type { Portal } from "./portal/portal-thread.ts";
import { createReferenceCopy } from "./reference-copy.ts";
import { openServiceTable, readCounter, readSessions } from "./service-table.ts";
import { createSessionCopier, type InsertStudySession, type OnProblem } from "./session-copier.ts";
import { type Counter, copyNewSessions, lookAtGaps } from "./session-pass.ts";

/** This is a small part of the default `maxReadUnits`, because the service needs the rest. */
const UNITS_PER_SECOND = 100;

/** A pass waits this long for a locked file. */
const WAIT_MS = 10_000;

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** True if an engine on this machine has the table: then reads cost nothing. */
  readonly isLocal: boolean;
  readonly portal: Portal;
  /** If true, nothing is written to the table. The portal is then a copy of the real one. */
  readonly isDryRun?: boolean;
  readonly onProblem: OnProblem;
  /** Ends a pass after the current row. */
  readonly signal: AbortSignal;
}

/** Called after each session with how many are done. */
type OnProgress = (done: number) => void;

interface SessionPass {
  /**
   * If true, the pass finds every session to which the service has responded so far. Otherwise a session may have to
   * wait for the next pass, which costs less.
   */
  readonly isWhole: boolean;
  /** Called for each session that the portal gets. */
  readonly onInserted: () => void;
}

/** Pauses after each session for as long as it took: without a queue in SQLite, the portal would hardly get its turn. */
const createPoliteInsert =
  ({ portal, signal }: Options, onInserted: () => void): InsertStudySession =>
  async (session) => {
    const begunAt = performance.now();
    const outcome = await portal.insert(session, { waitMs: WAIT_MS, signal });
    if (outcome.kind === "inserted") onInserted();
    await wait(performance.now() - begunAt, undefined, { signal }).catch(() => {});
    return outcome;
  };

const hasOwnIds = ({ lastId, imported }: Counter) =>
  imported.reduce((sum, { above, to }) => sum + to - above, 0) < lastId;

/** Connects a table with a portal's file. Each side gets a copy of the other side's data. */
export const openPortalSync = async (options: Options) => {
  const { client, tableName, isLocal, portal, isDryRun = false, onProblem, signal } = options;
  const table = { client, tableName };
  const unitsPerSecond = isLocal ? Number.POSITIVE_INFINITY : UNITS_PER_SECOND;
  const service = openServiceTable({ ...table, unitsPerSecond });
  const stored = await openCopyState({ ...table, isDryRun });
  const copyChanges = createReferenceCopy({ ...table, stored, service, isDryRun, onProblem });
  const copier = createSessionCopier({ stored, onProblem });
  let version: string | undefined;

  return {
    /** True if nothing was ever copied between the table and a portal. */
    isNew: stored.isNew(),

    /** True if the service has created sessions, and not only imported some. */
    hasOwnSessions: hasOwnIds(await readCounter(service, true)),

    /**
     * Compares the portal's sessions with those of the table, and imports those that the table lacks.
     * @returns how many sessions the table got
     */
    importOld: (onImported: OnProgress, onCompared: OnProgress = () => {}) =>
      withSnapshot(portal, { waitMs: WAIT_MS, signal }, (file) =>
        importOldSessions({
          ...table,
          file,
          nameMap: portal.nameMap,
          stored,
          service,
          isDryRun,
          isSettled: copier.isSettled,
          onProblem,
          onImported,
          onCompared,
        }),
      ),

    /**
     * Copies the portal's groups and study activities into the table if the portal's file has changed.
     * @returns undefined when there was nothing to do
     */
    copyReferences: async (waitMs = WAIT_MS) => {
      const current = await portal.readVersion({ waitMs, signal });
      if (current === version) return undefined;
      const { refusals, ...references } = await portal.readReferences({ waitMs, signal });
      for (const line of refusals) onProblem(line);
      const changes = await copyChanges(references);
      version = current;
      return changes;
    },

    /** Copies the sessions that the service created into the portal. */
    copySessions: async ({ isWhole, onInserted }: SessionPass) => {
      const pass = {
        stored,
        copier,
        insert: createPoliteInsert(options, onInserted),
        readSessions: (ids: readonly number[]) => readSessions(service, ids),
        signal,
      };
      await copyNewSessions(pass, await readCounter(service, isWhole || isLocal));
      await lookAtGaps(pass, isWhole);
    },

    /** Copies a session that was just created into the portal. Waits for a locked file up to `waitMs`. */
    copyNow: (session: StudySession, waitMs: number) =>
      copier.copy(session.id, session, (session) => portal.insert(session, { waitMs, signal })),
  };
};

export type PortalSync = Awaited<ReturnType<typeof openPortalSync>>;
