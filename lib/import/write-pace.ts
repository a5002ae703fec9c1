import { setTimeout as wait } from "node:timers/promises";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";

/** Of the speed: what is left of it after a throttled write. */
const CUT = 0.7;
/** Writes a second, for each write that succeeds: the speed grows by half in a second. */
const GROWTH = 0.5;
/** Writes a second. The speed would recover from less only in a long time. */
const SLOWEST = 10;
/** Timers are late, above all on a busy machine: so much lost time is made up for. */
const CATCH_UP_MS = 100;

/**
 * Finds the speed that a table takes: every success raises the speed a little, and a throttled write cuts it. There is
 * no limit until the first write is throttled.
 * @param signal - ends the waiting
 * @returns a function that calls `write` when it is its turn
 */
export const createWritePace = (signal: AbortSignal) => {
  const begunAt = performance.now();
  let writes = 0;
  let perSecond = Number.POSITIVE_INFINITY;
  let cutAt = 0;
  let nextAt = 0;
  let lastTurn: Promise<unknown> = Promise.resolve();

  const awaitTurn = async () => {
    const now = performance.now();
    if (nextAt > now) await wait(nextAt - now, undefined, { signal });
    nextAt = Math.max(nextAt, now - CATCH_UP_MS) + 1000 / perSecond;
  };

  const slowDown = () => {
    const now = performance.now();
    // A limit that the writes have not reached for a while says nothing about the table.
    const average = (writes * 1000) / (now - begunAt);
    perSecond = Math.max(SLOWEST, CUT * Math.min(perSecond, average));
    cutAt = now;
  };

  return async <Result>(write: () => Promise<Result>): Promise<Result> => {
    lastTurn = lastTurn.then(awaitTurn);
    await lastTurn;
    const startedAt = performance.now();
    writes++;
    try {
      const result = await write();
      perSecond += GROWTH;
      return result;
    } catch (error) {
      // A write that began before the last cut says nothing about the speed after it.
      if (isThrottling(error) && startedAt > cutAt) slowDown();
      throw error;
    }
  };
};
