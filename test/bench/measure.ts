const ascending = (samples: readonly number[]) => samples.toSorted((a, b) => a - b);

/** @param share - from 0 to 1; the sample at the nearest rank */
export const quantile = (samples: readonly number[], share: number) =>
  ascending(samples)[Math.max(0, Math.ceil(samples.length * share) - 1)] ?? Number.NaN;

export const median = (samples: readonly number[]) => {
  const sorted = ascending(samples);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
};

export const p90 = (samples: readonly number[]) => quantile(samples, 0.9);

/**
 * Takes turns (A B C, A B C, …), so that other load on the machine affects all alike. A first round is
 * thrown away.
 * @returns for each candidate what it gave, in the order of the rounds
 */
export const interleave = async <Name extends string, Sample>(
  candidates: Readonly<Record<Name, () => Promise<Sample>>>,
  rounds: number,
): Promise<Record<Name, Sample[]>> => {
  const names = Object.keys(candidates) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const sample = await candidates[name]();
      if (round > 0) samples[name].push(sample);
    }
  }
  return samples;
};

/** The cells of a row by their column's heading; all rows of a table have the same columns. */
export type Row = Readonly<Record<string, string | number>>;

export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

const format = (value: string | number) => {
  if (typeof value === "string") return value;
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
};

/** Aligns numbers to the right and words to the left. */
export const formatTable = ({ title, rows, notes }: Table) => {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => format(row[column] ?? "").length)),
  );
  const line = (cells: readonly string[], isNumber: (column: string) => boolean) =>
    columns
      .map((column, i) => cells[i]?.[isNumber(column) ? "padStart" : "padEnd"](widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const isNumeric = (column: string) => typeof rows[0]?.[column] === "number";
  const body = rows.map((row) =>
    line(
      columns.map((column) => format(row[column] ?? "")),
      (column) => typeof row[column] === "number",
    ),
  );
  const table = rows.length > 0 ? [line(columns, isNumeric), ...body, ""] : [];
  return [title, "", ...table, ...notes].join("\n");
};

const toMarkdownLine = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** Formats a table as Markdown for the documentation. */
export const formatMarkdown = ({ title, rows, notes }: Table) => {
  const columns = Object.keys(rows[0] ?? {});
  const head = [columns, columns.map(() => "---")];
  const body = rows.map((row) => columns.map((column) => format(row[column] ?? "")));
  const table = rows.length > 0 ? [...[...head, ...body].map(toMarkdownLine), ""] : [];
  return [`### ${title}`, "", ...table, ...notes].join("\n");
};
