import type { StudySession } from "../../../functions/sessions/study-session.ts";
import { selectCreatedAt } from "../../import/portal/portal-table.ts";
import { printValue } from "../../import/portal/row-summary.ts";
import { quoteName } from "../../import/portal/sqlite-file.ts";
import { toUtcTimestamp } from "../../import/portal/utc-timestamp.ts";
import { columnOf, type SessionTable } from "./portal-target.ts";
import { isSameTime } from "./time-form.ts";

/** A row of the portal's study sessions, with its values as SQLite reads them with big integers. */
export interface PortalRow {
  readonly group_id: unknown;
  readonly study_activity_id: unknown;
  readonly created_at: unknown;
}

/** @returns the SQL that reads `id` and the members of `PortalRow` */
export const selectPortalRows = (table: SessionTable) => {
  const [id, group, activity] = ["id", "group_id", "study_activity_id"].map((member) =>
    quoteName(columnOf(table, member)),
  );
  const times = (table.columns.get("created_at") ?? []).map(quoteName);
  return `SELECT ${id} AS id, ${group} AS group_id, ${activity} AS study_activity_id,
    ${selectCreatedAt(times)} AS created_at FROM main.${quoteName(table.name)}`;
};

/** @returns the value as the import stores it */
const toImportedTime = (value: unknown) => {
  if (typeof value === "string") return toUtcTimestamp(value);
  return typeof value === "number" || typeof value === "bigint" ? toUtcTimestamp(Number(value)) : undefined;
};

/** Checks whether the row was copied from this session, or the session from this row, and neither has changed since. */
export const isCopyOf = (row: PortalRow, session: StudySession) =>
  Number(row.group_id) === session.group_id &&
  Number(row.study_activity_id) === session.study_activity_id &&
  (isSameTime(row.created_at, Date.parse(session.created_at)) ||
    toImportedTime(row.created_at) === session.created_at);

const print = (members: PortalRow) => {
  const [group, activity, time] = [members.group_id, members.study_activity_id, members.created_at].map(
    printValue,
  );
  return `group ${group}, study activity ${activity}, ${time}`;
};

/** @returns the values of both sides, as they may be printed */
export const describeConflict = (row: PortalRow, session: StudySession) =>
  `${print(row)}; in the table: ${print(session)}`;
