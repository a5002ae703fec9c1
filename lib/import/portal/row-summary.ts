import { toPrintable } from "../../printable.ts";

/** The number of rows that are named for each reason. */
const EXAMPLES = 3;

/** The number of printed characters of a value. */
const VALUE_LENGTH = 60;

const quote = (text: string) => `"${toPrintable(text)}"`;

/** @returns a value of the file as it may be printed: short, and without control characters */
export const printValue = (value: unknown) => {
  if (value instanceof Uint8Array) return "a blob";
  if (typeof value !== "string") return String(value);
  return quote(value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value);
};

const isPlain = (name: string) => /^[\p{L}\p{N}_ ]+$/u.test(name);

/** @returns the name of a table or a column as it may be printed */
export const printName = (name: string) => (isPlain(name) ? name : quote(name));

interface RowReason {
  readonly table: string;
  /** The reason without the row's own values, so that equal reasons have equal texts. */
  readonly reason: string;
}

interface RowWithReason extends RowReason {
  readonly id: unknown;
  /** The details belong to this row alone, and are printed as they are. */
  readonly details?: string;
}

interface Entry extends RowReason {
  readonly examples: string[];
  rows: number;
}

const toLine = ({ table, reason, examples, rows }: Entry) => {
  const shown = [...examples, ...(rows > examples.length ? ["…"] : [])].join(", ");
  return `${printName(table)}, ${rows} ${rows === 1 ? "row" : "rows"}: ${reason} (${shown})`;
};

/** Counts rows by reason, and keeps a few examples of each: its size does not grow with the number of rows. */
export const createRowSummary = () => {
  const entries = new Map<string, Entry>();
  return {
    add: ({ table, id, reason, details }: RowWithReason) => {
      const key = `${table}\n${reason}`;
      const entry = entries.get(key) ?? { table, reason, examples: [], rows: 0 };
      entries.set(key, entry);
      entry.rows++;
      if (entry.examples.length === EXAMPLES) return;
      entry.examples.push(`id ${printValue(id)}${details ? `: ${details}` : ""}`);
    },
    /** Returns the number of rows. */
    count: () => [...entries.values()].reduce((sum, { rows }) => sum + rows, 0),
    /** Returns a line for each reason, with the number of rows and examples. */
    toLines: () => [...entries.values()].map(toLine),
  };
};

export type RowSummary = ReturnType<typeof createRowSummary>;
