import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { reserveIds } from "../import/id-reservation.ts";
import { readPortalDatabase } from "../import/portal/portal-database.ts";
import { createRowSummary, type RowSummary } from "../import/portal/row-summary.ts";
import { writeSessions } from "../import/session-writer.ts";
import type { StoredCopyState } from "./copy-state.ts";
import type { PortalFile } from "./portal/portal-worker.ts";
import { readCounter, readSessions, type ServiceTable } from "./service-table.ts";
import { CONFLICT_HINT, type OnProblem } from "./session-copier.ts";
import type { Counter } from "./session-pass.ts";

const BATCH_SIZE = 1000;

interface Options extends PortalFile {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly stored: StoredCopyState;
  readonly service: ServiceTable;
  /** Whether to write nothing. */
  readonly isDryRun: boolean;
  readonly onProblem: OnProblem;
  /** Called after each session with how many are done. */
  readonly onProgress: (done: number) => void;
}

/** The service gave the id to a request of its own, so the portal's session should be a copy. */
const isGivenOut = ({ lastId, imported }: Counter, id: number) =>
  id <= lastId && !imported.some(({ above, to }) => above < id && id <= to);

/** Tells the portal's own sessions from those that should be copies of the service's sessions. */
const sortSessions = (sessions: Iterable<StudySession>, counter: Counter, importedTo: number) => {
  const givenOutIds: number[] = [];
  const readOwn = function* (): Generator<StudySession> {
    for (const session of sessions) {
      if (session.id <= importedTo) continue;
      if (isGivenOut(counter, session.id)) givenOutIds.push(session.id);
      else yield session;
    }
  };
  return { readOwn, givenOutIds };
};

interface Write extends Pick<Options, "client" | "tableName" | "onProgress"> {
  readonly summary: RowSummary;
}

const write = async (options: Write, sessions: Iterable<StudySession>, highestId: number) => {
  const { client, tableName, summary, onProgress } = options;
  const { written } = await writeSessions({
    client,
    tableName,
    sessions,
    reservedIds: await reserveIds({ client, tableName, highestId }),
    onRefused: (row) => summary.add({ table: "study_sessions", ...row }),
    onProgress,
  });
  return written;
};

const count = (sessions: Iterable<StudySession>) => {
  let counted = 0;
  for (const _ of sessions) counted++;
  return counted;
};

/** Finds sessions that the portal has created under ids of the service. A conflict is found when it is copied. */
const addUnknown = async (service: ServiceTable, ids: readonly number[], summary: RowSummary) => {
  const reason = "not imported, because the service gave the id to a request of its own";
  for (let start = 0; start < ids.length; start += BATCH_SIZE) {
    const batch = ids.slice(start, start + BATCH_SIZE);
    const stored = await readSessions(service, batch);
    for (const id of batch) if (!stored.has(id)) summary.add({ table: "study_sessions", id, reason });
  }
};

/**
 * Imports the sessions that the portal created itself. The service gives their ids to no other session.
 * @returns how many sessions the table got
 */
export const importOldSessions = async (options: Options) => {
  const { file, nameMap, stored, service, isDryRun, onProblem } = options;
  const { importedTo } = stored.get();
  const counter = await readCounter(service, true);
  const data = readPortalDatabase(file, nameMap);
  const { highestSessionId } = data;
  try {
    if (highestSessionId <= importedTo) return 0;
    // These rows are the same each time.
    if (importedTo === 0) for (const line of data.refusals.toLines()) onProblem(line);
    const { readOwn, givenOutIds } = sortSessions(data.readSessions(), counter, importedTo);
    const summary = createRowSummary();
    const written = isDryRun
      ? count(readOwn())
      : await write({ ...options, summary }, readOwn(), highestSessionId);
    await addUnknown(service, givenOutIds, summary);
    for (const line of summary.toLines()) onProblem(line, CONFLICT_HINT);
    await stored.update({ importedTo: highestSessionId });
    return written;
  } finally {
    data.close();
  }
};
