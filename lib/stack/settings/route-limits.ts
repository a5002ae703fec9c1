import type { Operation } from "../../../functions/routes.ts";
import { MAX_PAGE_IDS } from "../../../functions/sessions/session-page.ts";
import type { Settings } from "./settings.ts";

interface RouteLimit {
  /** The allowed requests per second. */
  readonly rate: number;
  /** The allowed requests at once. */
  readonly burst: number;
  /** The highest number of read units that one request takes, unless its id is refused. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Returns the throttle of each route, and the highest number of units of the table that one request takes. */
export const routeLimits = (settings: Settings): Readonly<Record<Operation, RouteLimit>> => {
  const single = { rate: settings.throttleRate, burst: settings.throttleBurst };
  const list = { rate: settings.listThrottleRate, burst: settings.listThrottleBurst };
  return {
    // Of two requests with one key at the same time, the slower one writes in vain, and reads what the other one wrote.
    createStudySession: { ...single, readUnits: 5, writeUnits: 3 },
    readStudySession: { ...single, readUnits: 1, writeUnits: 0 },
    // A page reads up to MAX_PAGE_IDS ids, and the counter.
    listStudySessions: { ...list, readUnits: MAX_PAGE_IDS + 1, writeUnits: 0 },
  };
};
