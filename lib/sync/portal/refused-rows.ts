import { createRowSummary, type RowSummary } from "../../import/portal/row-summary.ts";

type RefusedRow = Parameters<RowSummary["add"]>[0];

/** Sums up the rows that can't be taken, and knows the ids of all of them. */
export const createRefusedRows = () => {
  const { add, ...summary } = createRowSummary();
  const rows: RefusedRow[] = [];
  return {
    ...summary,
    add: (row: RefusedRow) => {
      rows.push(row);
      add(row);
    },
    idsOf: (name: string) =>
      rows.flatMap(({ table, id }) => (table === name && typeof id === "number" ? [id] : [])),
  };
};
