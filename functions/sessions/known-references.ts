import type { Table } from "../dynamodb/dynamodb-table.ts";

/** Enough for the groups and study activities of a portal, and about 100 KB at most. */
export const MAX_KNOWN_REFERENCES = 1000;

/** Whether the table has the group or the study activity with this key. */
export type HasReference = (table: Table, key: string) => Promise<boolean>;

/**
 * Looks for groups and study activities, and remembers those that it found. A missing one is never remembered.
 * @param seconds - how long a found one is not read again, counted from the start of its read; 0 reads every time
 */
export const createReferenceLookup = (seconds: number): HasReference => {
  const readAt = new Map<string, number>();

  const isKnown = (key: string, now: number) => {
    const age = now - (readAt.get(key) ?? Number.NEGATIVE_INFINITY);
    // The age is below 0 after the clock was put back.
    return age >= 0 && age < seconds * 1000;
  };

  /** Entries stand in the order of their reads, so the first is the oldest. */
  const remember = (key: string, now: number) => {
    readAt.delete(key);
    readAt.set(key, now);
    const [oldest] = readAt.keys();
    if (readAt.size > MAX_KNOWN_REFERENCES && oldest !== undefined) readAt.delete(oldest);
  };

  return async (table, key) => {
    // A monotonic clock may stand still while Lambda has frozen the function.
    const now = Date.now();
    if (isKnown(key, now)) return true;
    const isFound = (await table.get(key)) !== undefined;
    if (isFound) remember(key, now);
    return isFound;
  };
};
