import type { DatabaseSync } from "node:sqlite";
import { errorMessage } from "../../error-message.ts";
import { FORMS, isSameName, type Kind, type NameMap } from "./portal-names.ts";
import { printName } from "./row-summary.ts";

export interface PortalTable {
  readonly kind: Kind;
  readonly name: string;
  /** The columns of each member that the table has. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

export interface Candidate extends PortalTable {
  /** An app's prefix, such as Django's `api_`. Undefined for a table that is mapped by hand. */
  readonly prefix: string | undefined;
  /** A line for each thing that the table lacks. */
  readonly faults: readonly string[];
}

export interface SchemaOptions {
  readonly database: DatabaseSync;
  readonly nameMap: NameMap;
}

/** SQLite compares names without case. */
export const isSameInSqlite = (name: string, other: string) => name.toLowerCase() === other.toLowerCase();

/** Unlike `table_info`, `table_xinfo` has generated columns. Columns with `hidden` 1 are arguments of virtual tables. */
const readColumns = (database: DatabaseSync, table: string) =>
  database
    .prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1")
    .all(table)
    .map(({ name }) => String(name));

/** The member whose columns stand in for each other: where one is empty, the next one counts. */
const WITH_STAND_INS = "created_at";

const findColumns = (member: string, synonyms: readonly string[], columns: readonly string[]) => {
  const found = synonyms.flatMap((synonym) => columns.filter((column) => isSameName(column, synonym)));
  return member === WITH_STAND_INS ? found : found.slice(0, 1);
};

const describeTable = ({ database, nameMap }: SchemaOptions, kind: Kind, name: string) => {
  const { members, required } = FORMS[kind];
  const existing = readColumns(database, name);
  const columns = new Map<string, readonly string[]>();
  const faults: string[] = [];
  for (const [member, synonyms] of Object.entries(members)) {
    const mapped = nameMap.get(`${kind}.${member}`);
    const found =
      mapped === undefined
        ? findColumns(member, synonyms, existing)
        : existing.filter((column) => isSameInSqlite(column, mapped));
    if (found.length > 0) columns.set(member, found);
    else if (mapped !== undefined || required.includes(member)) {
      const wanted = mapped === undefined ? synonyms.join(" or ") : printName(mapped);
      faults.push(`The table ${printName(name)} has no column ${wanted}`);
    }
  }
  return { kind, name, columns, faults };
};

const describe = (options: SchemaOptions, kind: Kind, name: string) => {
  try {
    return describeTable(options, kind, name);
  } catch (cause) {
    // A view of a table that is gone, or a virtual table whose module is missing here.
    const faults = [`${printName(name)} can't be read: ${errorMessage(cause)}`];
    return { kind, name, columns: new Map(), faults };
  }
};

const findMapped = (options: SchemaOptions, names: readonly string[], kind: Kind, mapped: string) => {
  const name = names.find((name) => isSameInSqlite(name, mapped));
  if (name !== undefined) return { ...describe(options, kind, name), prefix: undefined };
  const faults = [`There is no table ${printName(mapped)}`];
  return { kind, name: mapped, columns: new Map(), prefix: undefined, faults };
};

/** @returns the empty text, and each beginning of the name that ends in an underscore */
const prefixesOf = (name: string) => [
  "",
  ...[...name.matchAll(/_/g)].map(({ index }) => name.slice(0, index + 1)),
];

/**
 * Finds the tables that could be of a kind by their names.
 * @returns each table once for each prefix: `study_sessions` has the name without a prefix, and with the prefix `study_`
 */
export const findCandidates = (
  options: SchemaOptions,
  names: readonly string[],
  kind: Kind,
): readonly Candidate[] => {
  const mapped = options.nameMap.get(kind);
  if (mapped !== undefined) return [findMapped(options, names, kind, mapped)];
  return names.flatMap((name) => {
    const prefixes = prefixesOf(name).filter((prefix) =>
      FORMS[kind].names.some((synonym) => isSameName(name.slice(prefix.length), synonym)),
    );
    if (prefixes.length === 0) return [];
    const table = describe(options, kind, name);
    return prefixes.map((prefix) => ({ ...table, prefix: prefix.toLowerCase() }));
  });
};
