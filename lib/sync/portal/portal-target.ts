import type { DatabaseSync } from "node:sqlite";
import { quoteName } from "../../import/portal/sqlite-file.ts";
import { findTimeForm, type WriteTime, writeDefaultTime } from "./time-form.ts";

/** The portal's table of study sessions: its name, and the columns of each member. */
export interface SessionTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/** A column that gets the time of a session. */
interface TimeColumn {
  readonly name: string;
  readonly write: WriteTime;
}

interface Column {
  readonly name: string;
  /** If true, a new row needs a value. */
  readonly isRequired: boolean;
}

/** Columns in which a new row has the time of its creation. The names are compared without case and underscores. */
const TIMES = ["createdat", "updatedat", "modifiedat", "starttime", "startedat", "startdate", "timestamp"];

/** These rows are enough to find a form beside values that have none. */
const NEWEST_ROWS = 20;

/** @throws Error when the table has no such column */
export const columnOf = ({ name, columns }: SessionTable, member: string) => {
  const [column] = columns.get(member) ?? [];
  if (column === undefined) throw new Error(`The table ${name} has no column for ${member}`);
  return column;
};

/** Generated columns are left out: nobody can write them. */
const readColumns = (database: DatabaseSync, { name }: SessionTable): readonly Column[] =>
  database
    .prepare(
      `SELECT name, "notnull" AND dflt_value IS NULL AS isRequired FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0`,
    )
    .all(name)
    .map(({ name, isRequired }) => ({ name: String(name), isRequired: isRequired === 1 }));

const readNewestValues = (database: DatabaseSync, table: SessionTable, column: string) => {
  const [name, id, value] = [table.name, columnOf(table, "id"), column].map(quoteName);
  const statement = database.prepare(
    `SELECT ${value} AS value FROM main.${name} ORDER BY ${id} DESC LIMIT ${NEWEST_ROWS}`,
  );
  statement.setReadBigInts(true);
  return statement.all().flatMap(({ value }) => (value === null || value === "" ? [] : [value]));
};

/**
 * Finds the columns that get the time of a session: the first one in which the import looks for it, those that must not
 * be empty, and those that the portal's newest rows fill. Each has the form of its newest values.
 * @throws Error when the portal has times in a form in which none can be written
 */
export const findTimeColumns = (database: DatabaseSync, table: SessionTable): readonly TimeColumn[] => {
  const main = columnOf(table, "created_at");
  const standIns = table.columns.get("created_at") ?? [];
  return readColumns(database, table).flatMap(({ name, isRequired }) => {
    const isTime = standIns.includes(name) || TIMES.includes(name.toLowerCase().replaceAll("_", ""));
    if (!isTime) return [];
    const values = readNewestValues(database, table, name);
    const [write] = values.flatMap((value) => findTimeForm(value) ?? []);
    if (write) return [{ name, write }];
    if (!isRequired && name !== main) return [];
    if (values.length === 0) return [{ name, write: writeDefaultTime }];
    const example = JSON.stringify(String(values[0]).slice(0, 60));
    throw new Error(`The column ${name} has times such as ${example}: times in this form cannot be written`);
  });
};

/**
 * Checks that rows can be added to the table.
 * @throws Error that says why not
 */
export const checkTarget = (database: DatabaseSync, table: SessionTable) => {
  const { type } =
    database
      .prepare("SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = ?")
      .get(table.name) ?? {};
  if (type !== "table") {
    throw new Error(`${table.name} is a ${type}: study sessions can be added only to a table`);
  }
  if (columnOf(table, "study_activity_id") === table.columns.get("activity_name")?.[0]) {
    throw new Error(`${table.name} has names of study activities, and there is no table with their ids`);
  }
  const written = [
    ...["id", "group_id", "study_activity_id"].map((member) => columnOf(table, member)),
    ...findTimeColumns(database, table).map(({ name }) => name),
  ];
  const [column] = readColumns(database, table).filter(
    ({ name, isRequired }) => isRequired && !written.includes(name),
  );
  if (column === undefined) return;
  throw new Error(
    `The column ${column.name} of ${table.name} must have a value, and the service has none for it. Give the column a default`,
  );
};
