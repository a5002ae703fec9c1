import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";

type RowSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

interface PortalTable<Schema extends RowSchema = RowSchema> {
  readonly database: DatabaseSync;
  readonly table: string;
  /** What to read of a row. A `nullish` member may have no column. */
  readonly schema: Schema;
}

/** Some portals have another column in place of this one, or beside it. */
const STAND_INS: Readonly<Record<string, string>> = { created_at: "start_time" };

const columnsFor = (member: string) => [member, STAND_INS[member] ?? []].flat();

/** @returns the names in lower case: SQLite finds a column by its name in any case */
const readColumns = ({ database, table }: PortalTable) => {
  const statement = database.prepare("SELECT lower(name) AS name FROM pragma_table_info(?)");
  return new Set(statement.all(table).map(({ name }) => name));
};

const readTableNames = (database: DatabaseSync) =>
  database
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT GLOB 'sqlite_*' ORDER BY 1",
    )
    .all()
    .map(({ name }) => name)
    .join(", ");

/** @returns a line for each thing that the table lacks */
export const findFaults = (portalTable: PortalTable) => {
  const { database, table, schema } = portalTable;
  const columns = readColumns(portalTable);
  if (columns.size === 0) {
    return [`There is no table ${table}. The tables are: ${readTableNames(database) || "none"}`];
  }
  return Object.entries(schema.entries)
    .filter(([, { type }]) => type !== "nullish")
    .map(([member]) => columnsFor(member))
    .filter((candidates) => !candidates.some((column) => columns.has(column)))
    .map((candidates) => `The table ${table} has no column ${candidates.join(" or ")}`);
};

/** @returns the columns of each member that has any. Where the first one is null, the second one counts */
const findSources = (portalTable: PortalTable) => {
  const columns = readColumns(portalTable);
  const sources = Object.keys(portalTable.schema.entries).map(
    (member) => [member, columnsFor(member).filter((column) => columns.has(column))] as const,
  );
  return sources.filter(([, candidates]) => candidates.length > 0);
};

type Sources = ReturnType<typeof findSources>;

/** SQLite has integers above 2^53, which no number holds exactly. They stay bigints, and the schemas refuse bigints. */
const toNumber = (value: unknown) =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

const selectRows = ({ database, table }: PortalTable, sources: Sources) => {
  const members = sources.map(([member, columns]) => {
    const value = columns.length > 1 ? `coalesce(${columns.join(", ")})` : columns[0];
    return `${value} AS ${member}`;
  });
  const statement = database.prepare(`SELECT ${members.join(", ")} FROM ${table} ORDER BY id`);
  statement.setReadBigInts(true);
  return statement
    .all()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([member, value]) => [member, toNumber(value)])),
    );
};

/**
 * Reads a table in which `findFaults` found none.
 * @param refusals - gets a line for each row that the schema does not take, and for each further row with the same id
 * @returns all other rows, sorted by id
 */
export const readTable = <Schema extends RowSchema>(
  portalTable: PortalTable<Schema>,
  refusals: string[],
): v.InferOutput<Schema>[] => {
  const { table, schema } = portalTable;
  const sources = findSources(portalTable);
  const labels = new Map(sources.map(([member, columns]) => [member, columns.join(" or ")]));
  const ids = new Set<unknown>();
  return selectRows(portalTable, sources).flatMap((row) => {
    const { success, output, issues = [] } = v.safeParse(schema, row, { abortPipeEarly: true });
    const reasons = issues.map((issue) => `${labels.get(v.getDotPath(issue) ?? "")}: ${issue.message}`);
    if (ids.has(row.id)) reasons.push("id: another row has the same id");
    if (success && reasons.length === 0) {
      ids.add(row.id);
      return [output];
    }
    refusals.push(`${table} id ${row.id}: ${reasons.join("; ")}`);
    return [];
  });
};
