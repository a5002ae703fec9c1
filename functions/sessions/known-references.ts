import type { DatabaseRequest } from "../dynamodb/database-call.ts";
import { getItem } from "../dynamodb/table-calls.ts";

/** This is enough for the groups and study activities of a portal, and takes about 100 KB at most. */
const MAX_KNOWN_REFERENCES = 1000;

/** Tells whether the table has the group or the study activity with this key. */
export type HasReference = (database: DatabaseRequest, key: string) => Promise<boolean>;

/**
 * Looks up groups and study activities, and caches those that exist. A missing one is never cached.
 * @param seconds - how long a reference stays cached, counted from the start of its read; 0 disables the cache
 */
export const createReferenceLookup = (seconds: number): HasReference => {
  const readAt = new Map<string, number>();

  const isCached = (key: string, now: number) => {
    const age = now - (readAt.get(key) ?? Number.NEGATIVE_INFINITY);
    // The age is below 0 after the clock was put back.
    return age >= 0 && age < seconds * 1000;
  };

  /** Entries are in the order of their reads, so the first one is the oldest. */
  const cache = (key: string, now: number) => {
    readAt.delete(key);
    readAt.set(key, now);
    const [oldest] = readAt.keys();
    if (readAt.size > MAX_KNOWN_REFERENCES && oldest !== undefined) readAt.delete(oldest);
  };

  return async (database, key) => {
    // A monotonic clock may stand still while Lambda has frozen the function.
    const now = Date.now();
    if (isCached(key, now)) return true;
    const isFound = (await getItem(database, key)) !== undefined;
    if (isFound) cache(key, now);
    return isFound;
  };
};
