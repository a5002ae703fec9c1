import type { Operation } from "../../../functions/routes.ts";
import { MAX_PAGE_IDS } from "../../../functions/sessions/session-page.ts";
import type { Settings } from "./settings.ts";

interface RouteLimit {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
  /** What one request takes from the table at most: a replay reads, a create with a key writes, a page has gaps. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** What the gateway lets in on each route, and what that costs. */
export const routeLimits = (settings: Settings): Readonly<Record<Operation, RouteLimit>> => {
  const single = { rate: settings.throttleRate, burst: settings.throttleBurst };
  const list = { rate: settings.listThrottleRate, burst: settings.listThrottleBurst };
  return {
    createStudySession: { ...single, readUnits: 4, writeUnits: 3 },
    readStudySession: { ...single, readUnits: 1, writeUnits: 0 },
    // A page looks at so many ids, and at the counter.
    listStudySessions: { ...list, readUnits: MAX_PAGE_IDS + 1, writeUnits: 0 },
  };
};
