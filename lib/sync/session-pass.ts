import type { StoredCopyState } from "./copy-state.ts";
import {
  areTooMany,
  closeGaps,
  idsOf,
  joinGaps,
  type TakenGaps,
  takeDueGaps,
  takeUnsureGaps,
  toGaps,
} from "./id-gaps.ts";
import type { InsertStudySession, SessionCopier, StoredSession } from "./session-copier.ts";

/** DynamoDB takes no more keys in one BatchGetItem. */
const BATCH_SIZE = 100;

/** The progress of the service through the ids. */
export interface Counter {
  readonly lastId: number;
  /** The ids that imports have reserved: their sessions came from the portal. */
  readonly imported: readonly { readonly above: number; readonly to: number }[];
}

interface Options {
  readonly stored: StoredCopyState;
  readonly copier: SessionCopier;
  readonly insert: InsertStudySession;
  /** Reads the sessions that exist among at most 100 ids. */
  readonly readSessions: (ids: readonly number[]) => Promise<ReadonlyMap<number, StoredSession>>;
  /** Ends a pass after the session that is under way. */
  readonly signal: AbortSignal;
}

/** @returns the next ids that no import has reserved, and the id up to which there are no others */
const findNextIds = (after: number, { lastId, imported }: Counter) => {
  const ids: number[] = [];
  let end = after;
  while (ids.length < BATCH_SIZE && end < lastId) {
    const id = end + 1;
    const range = imported.find(({ above, to }) => above < id && id <= to);
    if (!range) ids.push(id);
    end = Math.min(range?.to ?? id, lastId);
  }
  return { ids, end };
};

/** The times of creation tell how old the gaps below are. */
const timesOf = (sessions: ReadonlyMap<number, StoredSession>) =>
  new Map(
    [...sessions.values()].flatMap((session) =>
      session instanceof Error ? [] : [[session.id, Date.parse(session.created_at)] as const],
    ),
  );

/** Copies the sessions of these ids, in their order, until one fails. */
const copyAll = async ({ copier, insert, readSessions, signal }: Options, ids: readonly number[]) => {
  const sessions = await readSessions(ids.filter((id) => !copier.isSettled(id)));
  const looked: number[] = [];
  let failure: unknown;
  try {
    for (const id of ids) {
      if (signal.aborted) break;
      const session = sessions.get(id);
      if (session !== undefined) await copier.copy(id, session, insert);
      looked.push(id);
    }
  } catch (error) {
    failure = error;
  }
  const open = looked.filter((id) => !copier.isSettled(id));
  return { looked, open, createdAt: timesOf(sessions), failure };
};

const lookAt = async (options: Options, { due, others }: TakenGaps, now: number) => {
  const { stored, copier } = options;
  const ids = idsOf(due);
  const { looked, open, failure } = await copyAll(options, ids);
  const lookedAt = due.map((gap) => ({ ...gap, lookedAt: now }));
  const isClosed = (id: number) => !open.includes(id);
  const stillOpen = closeGaps(lookedAt, ids.filter(isClosed));
  const gaps = joinGaps([...others, ...closeGaps(due, looked), ...stillOpen]);
  await copier.save(stored.get().settledTo, gaps);
  if (failure !== undefined) throw failure;
};

/**
 * When there are too many gaps, looks at the old ones once more, so that the copier can give them up.
 * @returns whether the copy can continue
 */
const makeRoom = async (options: Options) => {
  const { stored, signal } = options;
  const now = Date.now();
  for (;;) {
    const { gaps } = stored.get();
    if (!areTooMany(gaps)) return true;
    const taken = takeUnsureGaps(gaps, { now, maxIds: BATCH_SIZE });
    if (signal.aborted || taken.due.length === 0) return false;
    await lookAt(options, taken, now);
  }
};

/**
 * Copies the sessions that the service created since the last pass. An id whose session is missing or refused becomes a
 * gap. When there are too many gaps that are too young to be given up, the pass ends early, and a later pass continues.
 */
export const copyNewSessions = async (options: Options, counter: Counter) => {
  const { stored, copier, signal } = options;
  for (;;) {
    const { settledTo } = stored.get();
    const { ids, end } = findNextIds(settledTo, counter);
    if (signal.aborted || end === settledTo) return;
    if (ids.length > 0 && !(await makeRoom(options))) return copier.reportWaiting();
    const { looked, open, createdAt, failure } = await copyAll(options, ids);
    const found = toGaps({ missing: open, createdAt, now: Date.now() });
    const isWhole = looked.length === ids.length;
    await copier.save(isWhole ? end : (looked.at(-1) ?? settledTo), [...stored.get().gaps, ...found]);
    if (failure !== undefined) throw failure;
  }
};

/**
 * Looks at gaps once more.
 * @param isEager - whether to look at all of them now. Otherwise each has its time, and a pass looks at 100 ids
 */
export const lookAtGaps = async (options: Options, isEager: boolean) => {
  const { stored, copier, signal } = options;
  const now = Date.now();
  for (;;) {
    const { settledTo, gaps } = stored.get();
    const taken = takeDueGaps(gaps, { now, maxIds: BATCH_SIZE, isEager });
    if (signal.aborted || taken.due.length === 0) return copier.save(settledTo, gaps);
    await lookAt(options, taken, now);
    if (!isEager) return;
  }
};
