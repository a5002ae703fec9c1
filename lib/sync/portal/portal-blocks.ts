import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { findPortalTables } from "../../import/portal/portal-schema.ts";
import { quoteName } from "../../import/portal/sqlite-file.ts";
import { type PortalRow, selectPortalRows } from "./portal-row.ts";
import { columnOf } from "./portal-target.ts";
import type { PortalFile } from "./portal-worker.ts";

/** One BatchGetItem reads as many sessions. */
const BLOCK_SIZE = 100;

export const DIGEST_BYTES = 8;

/** A row whose id a session of the service can have. */
interface NumberedRow extends PortalRow {
  readonly id: number;
}

/** The portal's sessions with ids of the same hundred. */
export interface PortalBlock {
  readonly number: number;
  readonly rows: readonly NumberedRow[];
  /** Changes whenever a row is added, changed or deleted. In hexadecimal digits. */
  readonly digest: string;
}

/** @returns the number of the block that the id belongs to */
export const blockOf = (id: number) => Math.floor(id / BLOCK_SIZE);

/** JSON has no big integers. An array is none of SQLite's values. */
const replaceBigInt = (_: string, value: unknown) => (typeof value === "bigint" ? [String(value)] : value);

const digestOf = (rows: readonly NumberedRow[]) => {
  const hash = createHash("sha256").update(JSON.stringify(rows, replaceBigInt));
  return hash.digest("hex").slice(0, DIGEST_BYTES * 2);
};

const toBlock = (number: number, rows: readonly NumberedRow[]): PortalBlock => ({
  number,
  rows,
  digest: digestOf(rows),
});

function* readRows({ file, nameMap }: PortalFile): Generator<NumberedRow> {
  const database = new DatabaseSync(file);
  try {
    const table = findPortalTables({ database, nameMap }).study_sessions;
    const id = quoteName(columnOf(table, "id"));
    const statement = database.prepare(`${selectPortalRows(table)} ORDER BY ${id}`);
    statement.setReadBigInts(true);
    for (const { id, group_id, study_activity_id, created_at } of statement.iterate()) {
      const number = id instanceof Uint8Array ? 0 : Number(id);
      if (Number.isSafeInteger(number) && number > 0)
        yield { id: number, group_id, study_activity_id, created_at };
    }
  } finally {
    database.close();
  }
}

/** Reads the portal's sessions block by block, from a copy of its file that nobody else has open. */
export function* readBlocks(copy: PortalFile): Generator<PortalBlock> {
  let number = 0;
  let rows: NumberedRow[] = [];
  for (const row of readRows(copy)) {
    if (blockOf(row.id) !== number && rows.length > 0) {
      yield toBlock(number, rows);
      rows = [];
    }
    number = blockOf(row.id);
    rows.push(row);
  }
  if (rows.length > 0) yield toBlock(number, rows);
}
