import { MEMORY_MB } from "../../lib/stack/function-memory.ts";
import { DOLLARS } from "../../lib/stack/monitoring/prices.ts";
import { routeLimits } from "../../lib/stack/settings/route-limits.ts";
import type { Settings } from "../../lib/stack/settings/settings.ts";

/** These figures are estimates for one request. */
const FUNCTION_SECONDS = 0.02;
const LOG_KB = 1.4;
/** This is the gateway's part of the log. */
const GATEWAY_LOG_KB = 0.3;

const MONTH_SECONDS = (365.25 * 24 * 60 * 60) / 12;

/** Lists the cost in US dollars, item by item, of a million requests that each take these units of the table. */
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

/** The cost in US dollars of a million requests to which the gateway responds itself, such as preflights. */
export const GATEWAY_ONLY = DOLLARS.millionRequests + GATEWAY_LOG_KB * DOLLARS.logGigabyte;

/** Converts requests a second to millions of requests a month. */
const millionsAt = (rate: number) => (rate * MONTH_SECONDS) / 1e6;

/** Lists the cost in US dollars a month, item by item, when all routes are used as much as their throttles allow. */
export const worstCaseBill = (settings: Settings) => {
  const limits = routeLimits(settings);
  const costOf = ({ rate, writeUnits, readUnits }: (typeof limits)[keyof typeof limits]) =>
    millionsAt(rate) * dollarsPerMillion(writeUnits, readUnits).together;
  const rate = Object.values(limits).reduce((sum, limit) => sum + limit.rate, 0);
  const millionTraces = millionsAt(1 + (rate - 1) * 0.05);
  return {
    creates: costOf(limits.createStudySession),
    reads: costOf(limits.readStudySession),
    pages: costOf(limits.listStudySessions),
    // The throttle of the stage may count preflights and unknown paths apart from each other.
    "no route": millionsAt(2 * settings.throttleRate) * GATEWAY_ONLY,
    traces: millionTraces * DOLLARS.millionTraces,
    "all traced": millionsAt(rate) * DOLLARS.millionTraces,
    millionTraces,
  };
};
