import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { reserveIds } from "../import/id-reservation.ts";
import { type PortalData, readPortalDatabase } from "../import/portal/portal-database.ts";
import { createRowSummary } from "../import/portal/row-summary.ts";
import { writeSessions } from "../import/session-writer.ts";
import type { StoredCopyState } from "./copy-state.ts";
import type { PortalFile } from "./portal/portal-worker.ts";
import { readCounter, type ServiceTable } from "./service-table.ts";
import { compareSessions } from "./session-comparison.ts";
import { CONFLICT_HINT, type OnProblem } from "./session-copier.ts";
import type { Counter } from "./session-pass.ts";

interface Options extends PortalFile {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly stored: StoredCopyState;
  readonly service: ServiceTable;
  /** If true, nothing is written. */
  readonly isDryRun: boolean;
  /** Checks whether no copy looks at the id any more. */
  readonly isSettled: (id: number) => boolean;
  readonly onProblem: OnProblem;
  /** Called after each session with how many are imported. */
  readonly onImported: (done: number) => void;
  /** Called with how many sessions are compared with those of the table. */
  readonly onCompared: (done: number) => void;
}

/** The service gave the id to a request of its own, so the portal's session should be a copy. */
const isGivenOut = ({ lastId, imported }: Counter, id: number) =>
  id <= lastId && !imported.some(({ above, to }) => above < id && id <= to);

const GIVEN_OUT = "not imported, because the service gave the id to one of its own requests";

/** Collects the sessions that the table does not get, with their ids. */
const createRefusals = () => {
  const { add, toLines } = createRowSummary();
  const ids = new Set<number>();
  return {
    ids,
    toLines,
    add: (refusal: { readonly id: number; readonly reason: string; readonly details?: string }) => {
      ids.add(refusal.id);
      add({ table: "study_sessions", ...refusal });
    },
  };
};

const count = (sessions: Iterable<StudySession>) => {
  let counted = 0;
  for (const _ of sessions) counted++;
  return counted;
};

interface Import extends Pick<Options, "client" | "tableName" | "isDryRun" | "onImported"> {
  readonly data: PortalData;
  /** Checks whether the table lacks the session. */
  readonly isWanted: (id: number) => boolean;
  readonly counter: Counter;
}

/** @returns how many sessions the table got, and those that it did not get */
const importWanted = async (options: Import) => {
  const { client, tableName, data, isWanted, counter, isDryRun, onImported } = options;
  const refusals = createRefusals();
  const readSessions = function* (): Generator<StudySession> {
    for (const session of data.readSessions()) {
      const { id } = session;
      if (!isWanted(id)) continue;
      if (isGivenOut(counter, id)) refusals.add({ id, reason: GIVEN_OUT });
      else yield session;
    }
  };
  if (isDryRun) return { written: count(readSessions()), refusals };
  const { written } = await writeSessions({
    client,
    tableName,
    sessions: readSessions(),
    reservedIds: await reserveIds({ client, tableName, highestId: data.highestSessionId }),
    onRefused: refusals.add,
    onProgress: onImported,
  });
  return { written, refusals };
};

/**
 * Compares the portal's sessions with those that the table has under the same ids, and imports those that the table
 * lacks. The service gives their ids to no other session.
 * @returns how many sessions the table got
 */
export const importOldSessions = async (options: Options) => {
  const { file, nameMap, stored, service, isDryRun, onProblem } = options;
  const { importedTo } = stored.get();
  const counter = await readCounter(service, true);
  const isNew = (id: number) => id > importedTo && !isGivenOut(counter, id);
  const { missing, remember } = await compareSessions({ ...options, isNew });
  const data = readPortalDatabase(file, nameMap);
  const { highestSessionId } = data;
  try {
    if (highestSessionId <= importedTo && missing.size === 0) {
      if (!isDryRun) await remember([]);
      return 0;
    }
    // These rows are the same each time.
    if (importedTo === 0) for (const line of data.refusals.toLines()) onProblem(line);
    const isWanted = (id: number) => isNew(id) || missing.has(id);
    const { written, refusals } = await importWanted({ ...options, data, isWanted, counter });
    for (const line of refusals.toLines()) onProblem(line, CONFLICT_HINT);
    await stored.update({ importedTo: Math.max(importedTo, highestSessionId) });
    if (!isDryRun) await remember(refusals.ids);
    return written;
  } finally {
    data.close();
  }
};
