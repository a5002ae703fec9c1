import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { Id, type StudySession } from "../../functions/sessions/study-session.ts";
import { GROUP, type ReferenceData, RowId, STUDY_ACTIVITY } from "../database/reference-data.ts";
import { findFaults, readTable } from "./portal-table.ts";
import { readSqliteFile } from "./sqlite-file.ts";
import { toUtcTimestamp } from "./utc-timestamp.ts";

/** Numbers are exact up to 2^53: half of the ids stay free for new sessions. */
const MAX_SESSION_ID = 2 ** 52;

const Session = v.object({
  id: v.message(v.pipe(Id, v.maxValue(MAX_SESSION_ID)), `must be a whole number from 1 to ${MAX_SESSION_ID}`),
  group_id: RowId,
  study_activity_id: RowId,
  created_at: v.pipe(
    v.string("must be a text with a date and time"),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const timestamp = toUtcTimestamp(dataset.value);
      if (timestamp !== undefined) return timestamp;
      addIssue({ message: `"${dataset.value}" is not a date and time` });
      return NEVER;
    }),
  ),
});

const SCHEMAS = {
  groups: v.object(GROUP),
  study_activities: v.object(STUDY_ACTIVITY),
  study_sessions: Session,
};

export interface PortalData extends ReferenceData {
  readonly study_sessions: readonly StudySession[];
  /** Includes sessions that can't be taken: they keep their ids until someone repairs them. */
  readonly highestSessionId: number;
  /** A line for each row that can't be taken. The line names the row and the reason. */
  readonly refusals: readonly string[];
}

const readHighestSessionId = (database: DatabaseSync) => {
  const statement = database.prepare(
    "SELECT max(id) AS highest FROM study_sessions WHERE typeof(id) = 'integer' AND id <= ?",
  );
  return Number(statement.get(MAX_SESSION_ID)?.highest ?? 0);
};

const checkTables = (database: DatabaseSync) => {
  const faults = Object.entries(SCHEMAS).flatMap(([table, schema]) =>
    findFaults({ database, table, schema }),
  );
  if (faults.length > 0) throw new Error(faults.join("\n"));
};

/** @returns the sessions whose group and study activity are known. Adds a line to `refusals` for each other session */
const selectKnown = (
  sessions: readonly StudySession[],
  { groups, study_activities }: ReferenceData,
  refusals: string[],
) => {
  const groupIds = new Set(groups.map(({ id }) => id));
  const activityIds = new Set(study_activities.map(({ id }) => id));
  return sessions.filter((session) => {
    const unknown = [
      !groupIds.has(session.group_id) && `unknown group ${session.group_id}`,
      !activityIds.has(session.study_activity_id) && `unknown study activity ${session.study_activity_id}`,
    ].filter(Boolean);
    if (unknown.length > 0) refusals.push(`study_sessions id ${session.id}: ${unknown.join("; ")}`);
    return unknown.length === 0;
  });
};

const readTables = (database: DatabaseSync): PortalData => {
  checkTables(database);
  const refusals: string[] = [];
  const read = <Table extends keyof typeof SCHEMAS>(table: Table) =>
    readTable({ database, table, schema: SCHEMAS[table] }, refusals);
  const references = { groups: read("groups"), study_activities: read("study_activities") };
  const study_sessions = selectKnown(read("study_sessions"), references, refusals);
  return { ...references, study_sessions, highestSessionId: readHighestSessionId(database), refusals };
};

/**
 * Reads the portal's SQLite file. Changes nothing in its folder.
 * @throws Error when the file is no database, or lacks a table or a column that the import needs. A row that can't be taken throws nothing: see `refusals`
 */
export const readPortalDatabase = (file: string): PortalData => readSqliteFile({ file, read: readTables });
