import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { Id, type StudySession } from "../../functions/study-session.ts";
import { type ReferenceData, RowId, Text, WordsCount } from "../database/reference-data.ts";
import { readSqliteFile } from "./sqlite-file.ts";
import { toUtcTimestamp } from "./utc-timestamp.ts";

/** Numbers are exact up to 2^53: half of the ids stay free for new sessions. */
const MAX_SESSION_ID = 2 ** 52;

const OptionalText = v.nullish(v.string("must be a text"), "");

const Group = v.object({ id: RowId, name: Text, words_count: v.nullish(WordsCount, 0) });

const StudyActivity = v.object({ id: RowId, name: Text, url: OptionalText, preview_url: OptionalText });

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

export interface PortalData extends ReferenceData {
  readonly study_sessions: readonly StudySession[];
  /** Includes sessions that can't be taken: they keep their ids until someone repairs them. */
  readonly highestSessionId: number;
  /** A line for each row that can't be taken. The line names the row and the reason. */
  readonly refusals: readonly string[];
}

type RowSchema = typeof Group | typeof StudyActivity | typeof Session;

interface TableQuery<Schema extends RowSchema> {
  readonly database: DatabaseSync;
  readonly table: string;
  readonly schema: Schema;
  readonly refusals: string[];
}

/** SQLite has integers above 2^53, which no number holds exactly. They stay bigints, and the schemas refuse bigints. */
const toNumber = (value: unknown) =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

const selectRows = ({ database, table, schema }: TableQuery<RowSchema>) => {
  const columns = Object.keys(schema.entries).join(", ");
  const statement = database.prepare(`SELECT ${columns} FROM ${table} ORDER BY id`);
  statement.setReadBigInts(true);
  return statement
    .all()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toNumber(value)])),
    );
};

/** @returns the rows that the schema takes. Adds a line to `refusals` for each other row */
const readTable = <Schema extends RowSchema>(query: TableQuery<Schema>): v.InferOutput<Schema>[] =>
  selectRows(query).flatMap((row) => {
    const { success, output, issues } = v.safeParse(query.schema, row, { abortPipeEarly: true });
    if (success) return [output];
    const reasons = issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    query.refusals.push(`${query.table} id ${row.id}: ${reasons.join("; ")}`);
    return [];
  });

const readHighestSessionId = (database: DatabaseSync) => {
  const statement = database.prepare(
    "SELECT max(id) AS highest FROM study_sessions WHERE typeof(id) = 'integer' AND id <= ?",
  );
  return Number(statement.get(MAX_SESSION_ID)?.highest ?? 0);
};

const readTables = (database: DatabaseSync): PortalData => {
  const refusals: string[] = [];
  const groups = readTable({ database, table: "groups", schema: Group, refusals });
  const study_activities = readTable({
    database,
    table: "study_activities",
    schema: StudyActivity,
    refusals,
  });
  const groupIds = new Set(groups.map(({ id }) => id));
  const activityIds = new Set(study_activities.map(({ id }) => id));
  const sessions = readTable({ database, table: "study_sessions", schema: Session, refusals });
  const study_sessions = sessions.filter((session) => {
    const unknown = [
      !groupIds.has(session.group_id) && `unknown group ${session.group_id}`,
      !activityIds.has(session.study_activity_id) && `unknown study activity ${session.study_activity_id}`,
    ].filter(Boolean);
    if (unknown.length > 0) refusals.push(`study_sessions id ${session.id}: ${unknown.join("; ")}`);
    return unknown.length === 0;
  });
  const highestSessionId = readHighestSessionId(database);
  return { groups, study_activities, study_sessions, highestSessionId, refusals };
};

/**
 * Reads the portal's SQLite file. Changes nothing in its folder.
 * @throws Error when the file is no such database. A row that can't be taken throws nothing: see `refusals`
 */
export const readPortalDatabase = (file: string): PortalData => readSqliteFile({ file, read: readTables });
