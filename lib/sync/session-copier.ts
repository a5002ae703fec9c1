import type { StudySession } from "../../functions/sessions/study-session.ts";
import type { StoredCopyState } from "./copy-state.ts";
import { areTooMany, closeGaps, type Gap, giveUpGaps, isInGaps, MAX_GAPS } from "./id-gaps.ts";
import type { InsertOutcome } from "./portal/session-insert.ts";

/** A session as it is stored, or an error when the stored item is no session. */
export type StoredSession = StudySession | Error;

export type InsertStudySession = (session: StudySession) => Promise<InsertOutcome>;

/**
 * Called with a line for each row that the other side does not get.
 * @param hint - how to avoid such rows; the same text for all of one kind
 */
export type OnProblem = (line: string, hint?: string) => void;

/** Explains how to avoid conflicts. */
export const CONFLICT_HINT =
  "The portal creates study sessions itself, under the ids that the service gives out. Change the portal's front end " +
  "so that it creates them with the service: see docs/moving-over.md";

export const formatConflict = (id: number, details: string) =>
  `study session ${id}: the portal has another one with this id (${details})`;

const WAITING =
  `Newer study sessions may not be in the portal yet: more than ${MAX_GAPS} ids of the last two minutes have none. ` +
  "The copy continues in two minutes. Without --watch, run the command again then";

interface Options {
  readonly stored: StoredCopyState;
  readonly onProblem: OnProblem;
}

/**
 * Copies single sessions into the portal, and remembers which ids need no further look. A session is first in the
 * portal, and then settled in the state: after a crash in between, the next copy finds the session there.
 */
export const createSessionCopier = ({ stored, onProblem }: Options) => {
  /** Ids that this process has settled, and the state has not yet. */
  const settled = new Set<number>();
  /** The portal's reason to refuse a session whose id is open. */
  const refusals = new Map<number, string>();
  /** True if the wait was reported since there was room for another gap. */
  let isWaiting = false;

  const isSettled = (id: number) => {
    const { settledTo, gaps } = stored.get();
    return settled.has(id) || (id <= settledTo && !isInGaps(gaps, id));
  };

  const refuse = (id: number, reason: string) => {
    if (refusals.get(id) !== reason) onProblem(`study session ${id} is not in the portal: ${reason}`);
    refusals.set(id, reason);
  };

  const giveUpRefusals = (settledTo: number, gaps: readonly Gap[]) => {
    for (const id of refusals.keys()) {
      if (id > settledTo || isInGaps(gaps, id)) continue;
      onProblem(`study session ${id} is not retried`);
      refusals.delete(id);
    }
  };

  return {
    /** Checks whether the portal has the session, had it once, or never gets it. */
    isSettled,

    /** A session that the portal refuses stays open. */
    copy: async (id: number, session: StoredSession, insert: InsertStudySession) => {
      if (isSettled(id)) return;
      if (session instanceof Error) return refuse(id, session.message);
      const outcome = await insert(session);
      if (outcome.kind === "refused") return refuse(id, outcome.details);
      if (outcome.kind === "conflict") onProblem(formatConflict(id, outcome.details), CONFLICT_HINT);
      refusals.delete(id);
      settled.add(id);
    },

    /** Settles all ids up to this one, except for the gaps. */
    save: async (settledTo: number, gaps: readonly Gap[]) => {
      const closing = [...settled].filter((id) => id <= settledTo);
      const open = giveUpGaps(closeGaps(gaps, closing));
      await stored.update({ settledTo, gaps: open });
      for (const id of closing) settled.delete(id);
      giveUpRefusals(settledTo, open);
      isWaiting &&= areTooMany(open);
    },

    /** Reports that the copy can't continue before gaps are old enough to be given up. */
    reportWaiting: () => {
      if (!isWaiting) onProblem(WAITING);
      isWaiting = true;
    },
  };
};

export type SessionCopier = ReturnType<typeof createSessionCopier>;
