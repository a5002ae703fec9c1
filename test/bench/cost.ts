import { DOLLARS } from "../../lib/stack/monitoring/prices.ts";
import { MEMORY_MB } from "../../lib/stack/session-function.ts";

/** Estimates for one request. */
const FUNCTION_SECONDS = 0.02;
const LOG_KB = 1.4;

/** US dollars, item by item, for a million requests of which each takes so many units of the table. */
export const dollarsPerMillion = (writeUnits: number, readUnits: number) => {
  const gigabyteSeconds = 1e6 * FUNCTION_SECONDS * (MEMORY_MB / 1024);
  const items = {
    gateway: DOLLARS.millionRequests,
    "function requests": DOLLARS.millionInvocations,
    "function time": gigabyteSeconds * DOLLARS.gigabyteSecond,
    "table writes": writeUnits * DOLLARS.millionWriteUnits,
    "table reads": readUnits * DOLLARS.millionReadUnits,
    logs: LOG_KB * DOLLARS.logGigabyte,
  };
  return { ...items, together: Object.values(items).reduce((sum, next) => sum + next, 0) };
};
