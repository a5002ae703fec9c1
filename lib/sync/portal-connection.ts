import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { errorMessage } from "../error-message.ts";
import type { Portal } from "./portal/portal-thread.ts";
import { openPortalSync, type PortalSync } from "./portal-sync.ts";
import type { OnProblem } from "./session-copier.ts";
import { type PassChanges, repeatPasses } from "./sync-loop.ts";

/** A create waits this long for a file that the portal has locked. */
const LOCK_MS = 1000;
/** A create waits this long for a slow disk. */
const DISK_MS = 2000;
/** The last pass waits at most this long for a locked file. */
const LAST_PASS_MS = 1000;

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly portal: Portal;
  /** Called before anything is copied for the first time, with whether the service has created sessions already. */
  readonly onFirstUse: (hasOwnSessions: boolean) => void;
  /** Called for each pass that changed something. */
  readonly onChanges: (changes: PassChanges) => void;
  readonly onProblem: OnProblem;
}

const limitTime = async (work: Promise<void>, name: string) => {
  const done = new AbortController();
  const timer = wait(DISK_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`${name} takes too long to write`);
  });
  await Promise.race([work, timer]).finally(() => done.abort());
};

/** @returns a function that copies a session before its response leaves, or reports why the session follows later */
const createCopy =
  (sync: PortalSync, { portal: { name }, onProblem }: Options) =>
  async (session: StudySession) => {
    try {
      await limitTime(sync.copyNow(session, LOCK_MS), name);
    } catch (error) {
      onProblem(`study session ${session.id} is not in ${name} yet: ${errorMessage(error)}`);
    }
  };

/**
 * Connects the service's table with a portal's file, until `close`: the table gets the portal's groups and study
 * activities, and its old sessions.
 * @returns a function that copies a session that was just created, and one that ends the connection
 * @throws PortalFileError when the file can't be used
 */
export const connectPortal = async (options: Options) => {
  const { portal, onChanges, onProblem } = options;
  const ending = new AbortController();
  const stopping = new AbortController();
  const sync = await openPortalSync({ ...options, isLocal: true, signal: stopping.signal });
  if (sync.isNew) options.onFirstUse(sync.hasOwnSessions);
  const references = await sync.copyReferences();
  const imported = await sync.importOld(() => {});
  onChanges({ inserted: 0, references, imported });
  const { signal } = ending;
  const passes = repeatPasses({ sync, isLocal: true, onChanges, onFailure: onProblem, signal });
  /** Stores the progress of the copy: sessions that the portal deletes from now on must not come back. */
  const finish = async () => {
    const timer = setTimeout(() => stopping.abort(), LAST_PASS_MS);
    await passes;
    await sync.copySessions({ isWhole: false, onInserted: () => {} }).catch(() => {});
    clearTimeout(timer);
  };
  return {
    copyCreated: createCopy(sync, options),
    close: async () => {
      ending.abort();
      await finish();
      await portal.close();
    },
  };
};
