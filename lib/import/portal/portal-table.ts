import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { printName, printValue, type RowSummary } from "./row-summary.ts";
import { quoteName } from "./sqlite-file.ts";
import type { PortalTable } from "./table-candidates.ts";

type RowSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** The rows of the file to report. */
export interface RowReport {
  /** The rows that can't be imported. */
  readonly refusals: RowSummary;
  /** The rows that are imported in part, that the portal has deleted, or that name a missing group or activity. */
  readonly notes: RowSummary;
}

interface Options<Schema extends RowSchema = RowSchema> {
  readonly database: DatabaseSync;
  readonly table: PortalTable;
  /** A `nullish` member is left out where its value can't be taken. For any other member, the row is refused. */
  readonly schema: Schema;
  readonly report: RowReport;
}

type Row = Readonly<Record<string, unknown>>;

/** Go and MySQL write a year of 1 or 0 for no time. */
const selectSetTime = (column: string) =>
  `CASE WHEN trim(${column}) = '' OR ${column} = 0 OR ${column} GLOB '000[01]-*' THEN NULL ELSE ${column} END`;

const selectText = (column: string) =>
  `CASE WHEN typeof(${column}) IN ('null', 'blob') THEN ${column} ELSE to_text(CAST(${column} AS BLOB)) END`;

/** @returns the SQL of the first time that is set */
export const selectCreatedAt = (columns: readonly string[]) =>
  `coalesce(${[...columns.map(selectSetTime), ...columns].join(", ")})`;

/** The SQL of a member, from the columns that stand in for each other. */
const EXPRESSIONS: Readonly<Record<string, (columns: readonly string[]) => string>> = {
  name: ([column = ""]) => selectText(column),
  url: ([column = ""]) => selectText(column),
  preview_url: ([column = ""]) => selectText(column),
  created_at: selectCreatedAt,
  deleted_at: ([column = ""]) => selectSetTime(column),
};

/** Node replaces bytes that are not text with U+FFFD. This leaves them as a blob, which no schema takes for a text. */
const addTextFunction = (database: DatabaseSync) => {
  const { encoding } = database.prepare("PRAGMA encoding").get() ?? {};
  const decoder = new TextDecoder(String(encoding), { fatal: true, ignoreBOM: true });
  database.function("to_text", (bytes) => {
    if (!(bytes instanceof Uint8Array)) return bytes;
    try {
      return decoder.decode(bytes);
    } catch {
      return bytes;
    }
  });
};

/** A blank text is no value. No number holds an integer above 2^53 exactly: it stays a bigint, which is refused. */
const toValue = (value: unknown) => {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return typeof value === "string" && value.trim() === "" ? null : value;
};

/** @returns the rows with a value for each member of the schema, and with `deleted_at` */
function* selectRows({ database, table, schema }: Options): Generator<Row> {
  addTextFunction(database);
  const members = [...Object.keys(schema.entries), "deleted_at"].map((member) => {
    const [column = "NULL", ...others] = table.columns.get(member)?.map(quoteName) ?? [];
    return `${EXPRESSIONS[member]?.([column, ...others]) ?? column} AS ${member}`;
  });
  const statement = database.prepare(`SELECT ${members.join(", ")} FROM ${quoteName(table.name)}`);
  statement.setReadBigInts(true);
  for (const row of statement.iterate()) {
    yield Object.fromEntries(Object.entries(row).map(([member, value]) => [member, toValue(value)]));
  }
}

const memberOf = (issue: v.BaseIssue<unknown>) => v.getDotPath(issue) ?? "";

const labelOf = (table: PortalTable, member: string) =>
  table.columns.get(member)?.map(printName).join(" or ") ?? member;

const describe = ({ table }: Options, row: Row, issues: readonly v.BaseIssue<unknown>[]) => ({
  table: table.name,
  id: row.id,
  reason: issues.map((issue) => `${labelOf(table, memberOf(issue))} ${issue.message}`).join("; "),
  details: issues
    .map((issue) => row[memberOf(issue)])
    .filter((value) => value !== null && !(value instanceof Uint8Array))
    .map(printValue)
    .join(", "),
});

/** @returns undefined when the row is refused */
const parseRow = <Schema extends RowSchema>(options: Options<Schema>, row: Row) => {
  const { schema, report } = options;
  const { success, output, issues = [] } = v.safeParse(schema, row, { abortPipeEarly: true });
  if (success) return output;
  const faults = issues.filter((issue) => schema.entries[memberOf(issue)]?.type !== "nullish");
  if (faults.length > 0) {
    report.refusals.add(describe(options, row, faults));
    return undefined;
  }
  const { reason, ...rest } = describe(options, row, issues);
  report.notes.add({ ...rest, reason: `taken without a value: ${reason}` });
  return v.parse(schema, { ...row, ...Object.fromEntries(issues.map((issue) => [memberOf(issue), null])) });
};

/**
 * Reads the rows of a table one after the other, so that memory does not grow with the table.
 * @param options.report - gets each row that is refused, that is taken in part, or that the portal has deleted
 */
export function* readRows<Schema extends RowSchema>(options: Options<Schema>) {
  const { table, report } = options;
  for (const row of selectRows(options)) {
    if (row.deleted_at !== null) {
      const reason = `left out, as ${labelOf(table, "deleted_at")} is set`;
      report.notes.add({ table: table.name, id: row.id, reason });
      continue;
    }
    const parsed = parseRow(options, row);
    if (parsed) yield parsed;
  }
}
