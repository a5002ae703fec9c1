import type { DatabaseSync } from "node:sqlite";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import type { ReferenceData } from "../../database/reference-data.ts";
import type { NameMap } from "./portal-names.ts";
import { Group, MAX_SESSION_ID, Session, StudyActivity } from "./portal-rows.ts";
import { describeNames, findPortalTables, type PortalTables } from "./portal-schema.ts";
import { type RowReport, readRows } from "./portal-table.ts";
import { createRowSummary } from "./row-summary.ts";
import { createSessionStore, type SessionStore } from "./session-store.ts";
import { quoteName, readSqliteFile } from "./sqlite-file.ts";
import type { PortalTable } from "./table-candidates.ts";

export interface PortalData extends ReferenceData, RowReport {
  /** The number of groups and study activities that can't be imported. */
  readonly refusedReferences: number;
  readonly sessionCount: number;
  /** This includes sessions that can't be imported: they keep their ids until someone repairs them. */
  readonly highestSessionId: number;
  /** Reads the sessions one after the other, sorted by id. */
  readonly readSessions: () => Iterable<StudySession>;
  /** A line for each table whose names in the file differ from the names of the service. */
  readonly names: readonly string[];
  /** Deletes the copy of the file's data. */
  readonly close: () => void;
}

interface Portal {
  readonly database: DatabaseSync;
  readonly tables: PortalTables;
  readonly report: RowReport;
}

const ANOTHER_ROW = "another row has the same id";
const WITHOUT_REFERENCE = "taken without their group or study activity";

interface Named {
  readonly id: number;
  readonly name: string | null;
}

interface Unnamed {
  readonly table: PortalTable;
  /** Names a row without a name, together with its id. */
  readonly noun: string;
  readonly report: RowReport;
}

/** @returns the rows with different ids. A row without a name gets one */
const nameRows = <Row extends Named>(rows: Iterable<Row>, { table, noun, report }: Unnamed) => {
  const byId = new Map<number, Row & { readonly name: string }>();
  for (const row of rows) {
    const { id } = row;
    if (byId.has(id)) {
      report.refusals.add({ table: table.name, id, reason: ANOTHER_ROW });
      continue;
    }
    const name = row.name ?? `${noun} ${id}`;
    byId.set(id, { ...row, name });
    if (row.name !== null) continue;
    report.notes.add({ table: table.name, id, reason: "the name is made from the id", details: name });
  }
  return [...byId.values()];
};

/** Reads the groups and study activities. Adds the rows that are not taken as they are to the report. */
export const readReferences = ({ database, tables, report }: Portal): ReferenceData => {
  const { groups, study_activities } = tables;
  const groupRows = readRows({ database, table: groups, schema: Group, report });
  const activityRows = readRows({ database, table: study_activities, schema: StudyActivity, report });
  return {
    groups: nameRows(groupRows, { table: groups, noun: "Group", report }),
    study_activities: nameRows(activityRows, { table: study_activities, noun: "Study activity", report }),
  };
};

const idsOf = (rows: readonly { readonly id: number }[]) => new Set(rows.map(({ id }) => id));

/** @returns a function that tells which of a session's group and study activity are gone */
const createGoneCheck = (references: ReferenceData) => {
  const groups = idsOf(references.groups);
  const activities = idsOf(references.study_activities);
  return ({ group_id, study_activity_id }: StudySession) => [
    ...(groups.has(group_id) ? [] : [`group ${group_id}`]),
    ...(activities.has(study_activity_id) ? [] : [`study activity ${study_activity_id}`]),
  ];
};

/** Takes sessions whose group or study activity is gone, too: they are history. Only new sessions need both. */
const storeSessions = (portal: Portal, references: ReferenceData, store: SessionStore) => {
  const { database, report } = portal;
  const table = portal.tables.study_sessions;
  const findGone = createGoneCheck(references);
  for (const session of readRows({ database, table, schema: Session, report })) {
    const row = { table: table.name, id: session.id };
    const gone = findGone(session);
    if (!store.add(session)) report.refusals.add({ ...row, reason: ANOTHER_ROW });
    else if (gone.length > 0) {
      report.notes.add({ ...row, reason: WITHOUT_REFERENCE, details: gone.join(" and ") });
    }
  }
};

const readHighestSessionId = ({ database, tables: { study_sessions } }: Portal) => {
  const id = quoteName(study_sessions.columns.get("id")?.[0] ?? "id");
  // Some programs write whole numbers as reals.
  const statement = database.prepare(
    `SELECT max(CAST(${id} AS INTEGER)) AS highest FROM ${quoteName(study_sessions.name)}
     WHERE typeof(${id}) IN ('integer', 'real') AND ${id} BETWEEN 1 AND ? AND ${id} = CAST(${id} AS INTEGER)`,
  );
  return Number(statement.get(MAX_SESSION_ID)?.highest ?? 0);
};

const readPortal = (database: DatabaseSync, nameMap: NameMap): PortalData => {
  const tables = findPortalTables({ database, nameMap });
  const report = { refusals: createRowSummary(), notes: createRowSummary() };
  const portal = { database, tables, report };
  const references = readReferences(portal);
  const refusedReferences = report.refusals.count();
  const store = createSessionStore();
  try {
    storeSessions(portal, references, store);
  } catch (error) {
    store.close();
    throw error;
  }
  return {
    ...references,
    refusedReferences,
    sessionCount: store.count(),
    highestSessionId: readHighestSessionId(portal),
    readSessions: store.read,
    ...report,
    names: describeNames(tables),
    close: store.close,
  };
};

/**
 * Reads the portal's SQLite file. Changes nothing in its folder, and does not need the file any more afterwards.
 * @throws Error when the file is no database, or lacks a table or a column that the import needs. For a row that can't
 *   be taken, see `refusals`
 */
export const readPortalDatabase = (file: string, nameMap: NameMap = new Map()): PortalData =>
  readSqliteFile({ file, read: (database) => readPortal(database, nameMap) });
