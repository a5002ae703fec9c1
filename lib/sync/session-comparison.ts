import { openEqualBlocks } from "./equal-blocks.ts";
import { blockOf, type PortalBlock, readBlocks } from "./portal/portal-blocks.ts";
import { describeConflict, isCopyOf } from "./portal/portal-row.ts";
import type { PortalFile } from "./portal/portal-worker.ts";
import { readSessions, type ServiceTable } from "./service-table.ts";
import { CONFLICT_HINT, formatConflict, type OnProblem, type StoredSession } from "./session-copier.ts";

/** This is more than a person reads. */
const MAX_LINES = 20;

interface Options extends PortalFile {
  readonly service: ServiceTable;
  /** Checks whether the portal has created the session since the last import. */
  readonly isNew: (id: number) => boolean;
  /** Checks whether no copy looks at the id any more: a copy reports its conflicts itself. */
  readonly isSettled: (id: number) => boolean;
  readonly onProblem: OnProblem;
  /** Called with how many sessions are compared. */
  readonly onCompared: (done: number) => void;
}

/** Reports each conflict with a line, up to `MAX_LINES`. */
const createConflictReport = (onProblem: OnProblem) => {
  let count = 0;
  return {
    add: (line: string) => {
      count++;
      if (count <= MAX_LINES) onProblem(line, CONFLICT_HINT);
    },
    end: () => {
      if (count > MAX_LINES) onProblem(`and ${count - MAX_LINES} more such study sessions`);
    },
  };
};

/** @returns the rows by their ids: a portal whose ids are no primary key can have several for one id */
const groupById = ({ rows }: PortalBlock) => [...Map.groupBy(rows, ({ id }) => id)];

/** @returns undefined when the portal has a copy, or when the stored item is no session */
const findConflict = (rows: PortalBlock["rows"], session: StoredSession) => {
  if (session instanceof Error || rows.some((row) => isCopyOf(row, session))) return undefined;
  const [row] = rows;
  return row && formatConflict(session.id, describeConflict(row, session));
};

/**
 * Compares the portal's sessions with those that the table has under the same ids, and reports the conflicts. Reads no
 * block that was equal at an earlier start and has not changed since.
 */
export const compareSessions = async (options: Options) => {
  const { service, isNew, isSettled, onProblem, onCompared } = options;
  const equalBefore = await openEqualBlocks(service);
  /** The digests of the blocks that are equal now, with their numbers. */
  const equal = new Map<string, number>();
  const missing = new Set<number>();
  const report = createConflictReport(onProblem);
  let compared = 0;

  const compareBlock = async (block: PortalBlock) => {
    const groups = groupById(block).filter(([id]) => !isNew(id));
    const sessions = await readSessions(
      service,
      groups.map(([id]) => id),
    );
    let isEqual = true;
    for (const [id, rows] of groups) {
      const session = sessions.get(id);
      if (session === undefined) missing.add(id);
      const conflict = session && findConflict(rows, session);
      if (conflict !== undefined && isSettled(id)) report.add(conflict);
      isEqual &&= conflict === undefined && !(session instanceof Error);
    }
    compared += groups.length;
    onCompared(compared);
    return isEqual;
  };

  for (const block of readBlocks(options)) {
    const isEqual = equalBefore.has(block.digest) || (await compareBlock(block));
    if (isEqual) equal.set(block.digest, block.number);
  }
  report.end();

  return {
    /** The ids of the portal's sessions that the table lacks, and that are not new. */
    missing,
    /** Remembers the blocks that are equal, except for those with sessions that the table did not get. */
    remember: async (refusedIds: Iterable<number>) => {
      const refused = new Set([...refusedIds].map(blockOf));
      const kept = [...equal].filter(([, number]) => !refused.has(number));
      await equalBefore.replace(kept.map(([digest]) => digest));
    },
  };
};
