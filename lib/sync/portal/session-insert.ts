import type { DatabaseSync } from "node:sqlite";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import { quoteName } from "../../import/portal/sqlite-file.ts";
import { describeConflict, isCopyOf, selectPortalRows } from "./portal-row.ts";
import { columnOf, findTimeColumns, type SessionTable } from "./portal-target.ts";
import { readSqliteError } from "./sqlite-error.ts";

const CONSTRAINT = 19;
const MISMATCH = 20;

export type InsertOutcome =
  | { readonly kind: "inserted" | "present" }
  /** The portal has another session with this id. */
  | { readonly kind: "conflict"; readonly details: string }
  /** The portal's database does not take the row. */
  | { readonly kind: "refused"; readonly details: string };

/** Looks for a row with the id of the session. @returns undefined when there is none */
const compareWithPortal = (
  database: DatabaseSync,
  table: SessionTable,
  session: StudySession,
): InsertOutcome | undefined => {
  const id = quoteName(columnOf(table, "id"));
  const statement = database.prepare(`${selectPortalRows(table)} WHERE ${id} = ?`);
  statement.setReadBigInts(true);
  const row = statement.get(BigInt(session.id));
  if (!row) return undefined;
  const { group_id, study_activity_id, created_at } = row;
  const found = { group_id, study_activity_id, created_at };
  if (isCopyOf(found, session)) return { kind: "present" };
  return { kind: "conflict", details: describeConflict(found, session) };
};

const prepareInsert = (database: DatabaseSync, { name }: SessionTable, columns: readonly string[]) => {
  const names = columns.map(quoteName).join(", ");
  const marks = columns.map(() => "?").join(", ");
  return database.prepare(`INSERT INTO main.${quoteName(name)} (${names}) VALUES (${marks})`);
};

/**
 * Checks that SQLite can compile the statement that adds a row.
 * @throws Error when a foreign key or a trigger of the table names something that the file does not have
 */
export const checkInsert = (database: DatabaseSync, table: SessionTable) => {
  try {
    prepareInsert(database, table, [columnOf(table, "id")]);
  } catch (cause) {
    const { message } = readSqliteError(cause);
    const reason = `A foreign key or a trigger of ${table.name} does not work: ${message}`;
    throw new Error(`${reason}. Nothing can be added to the table until it is repaired`, { cause });
  }
};

/** @returns false when a trigger of the portal left the row out */
const insert = (database: DatabaseSync, table: SessionTable, session: StudySession) => {
  const milliseconds = Date.parse(session.created_at);
  // SQLite would store a number of JavaScript as a REAL in a column that has no type.
  const values = new Map<string, string | number | bigint>([
    ...findTimeColumns(database, table).map(({ name, write }) => [name, write(milliseconds)] as const),
    [columnOf(table, "id"), BigInt(session.id)],
    [columnOf(table, "group_id"), BigInt(session.group_id)],
    [columnOf(table, "study_activity_id"), BigInt(session.study_activity_id)],
  ]);
  const { changes } = prepareInsert(database, table, [...values.keys()]).run(...values.values());
  return changes === 1;
};

/**
 * Adds a session to the portal's table in a transaction of its own, unless a row has its id. Changes no other row.
 * @throws SQLite's error when another program holds a lock, or the file can't be used
 */
export const insertSession = (
  database: DatabaseSync,
  table: SessionTable,
  session: StudySession,
): InsertOutcome => {
  try {
    // Takes the lock for writing now: no row with this id can come in between.
    database.exec("BEGIN IMMEDIATE");
    const found = compareWithPortal(database, table, session);
    const isAdded = !found && insert(database, table, session);
    database.exec("COMMIT");
    if (found) return found;
    return isAdded ? { kind: "inserted" } : { kind: "refused", details: "a trigger ignored the row" };
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    const { kind, message } = readSqliteError(error);
    if (kind === CONSTRAINT || kind === MISMATCH) return { kind: "refused", details: message };
    throw error;
  }
};
