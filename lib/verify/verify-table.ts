import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { FUNCTION_TIMEOUT_SECONDS } from "../../functions/http/deadline.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import { checkCounter } from "./counter-check.ts";
import type { Finding } from "./finding.ts";
import { createInventory } from "./inventory.ts";
import { findMissingSessions } from "./missing-sessions.ts";
import { findRepeatedKeys } from "./repeated-keys.ts";
import { createTableReader, type TableReader } from "./table-reader.ts";
import { findUnknownReferences } from "./unknown-references.ts";

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly isRepairing?: boolean;
  /** The limit of read units in a second. If it is left out, there is no limit. */
  readonly unitsPerSecond?: number;
  /** Called after each page of the table with how many items are read. */
  readonly onProgress?: (read: number) => void;
  /** A request may be under way for this many milliseconds. */
  readonly graceMs?: number;
}

const readInventory = async (reader: TableReader, onProgress: (read: number) => void) => {
  const inventory = createInventory(Date.now());
  let read = 0;
  for await (const items of reader.readAll()) {
    for (const item of items) inventory.add(item);
    read += items.length;
    onProgress(read);
  }
  return inventory;
};

/** Repairs one finding after the other: the counter has to come after the sessions. */
const settle = async (findings: readonly Finding[], isRepairing: boolean) => {
  const settled: { readonly message: string; readonly isRepaired: boolean }[] = [];
  for (const { message, repair } of findings) {
    const isRepaired = isRepairing && repair !== undefined && (await repair());
    settled.push({ message, isRepaired });
  }
  return settled;
};

/**
 * Scans a table and reports inconsistencies. The service may be running. With `isRepairing`, it raises a counter that
 * is behind, and writes the missing sessions of idempotency keys. It changes no other item.
 * @throws Error when the table has no capacity for a long time, and what the client throws
 */
export const verifyTable = async (options: Options) => {
  const { client, tableName, isRepairing = false, onProgress = () => {} } = options;
  const { unitsPerSecond = Number.POSITIVE_INFINITY, graceMs = (FUNCTION_TIMEOUT_SECONDS + 1) * 1000 } =
    options;
  const reader = createTableReader({ client, tableName, unitsPerSecond });
  const inventory = await readInventory(reader, onProgress);
  // The counter is read after the scan: it gave out each id before the session was written.
  const lastId = (await reader.read(pk.counter))?.last_id;
  const highestId = inventory.getHighestId();
  const findings = [
    ...inventory.unreadable,
    ...findRepeatedKeys(inventory),
    ...(await findUnknownReferences(inventory, reader)),
    ...(await findMissingSessions({ client, tableName, reader, graceMs }, inventory)),
    ...checkCounter({ client, tableName, lastId, highestId }),
  ];
  return { findings: await settle(findings, isRepairing), counts: inventory.counts, highestId, lastId };
};

export type Verification = Awaited<ReturnType<typeof verifyTable>>;
