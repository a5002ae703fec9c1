import { setTimeout as wait } from "node:timers/promises";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";

/** Factor by which a throttled call reduces the rate. */
const CUT = 0.7;
/** Calls a second that each successful call adds to the rate. The rate grows by half within a second. */
const GROWTH = 0.5;
/** Lowest rate, in calls a second. A lower rate would take long to recover. */
const SLOWEST = 10;
/** Timers fire late, above all on a busy machine. Calls catch up on this much lost time. */
const CATCH_UP_MS = 100;

/**
 * Adapts the rate of calls to the capacity of a table: each success raises the rate a little, and a throttled call cuts
 * it. There is no limit until the first call is throttled.
 * @param signal - ends the waiting
 * @returns a function that makes the call when its turn comes
 */
export const createCallPace = (signal: AbortSignal) => {
  const begunAt = performance.now();
  let calls = 0;
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
    // A rate that the calls have not reached for a while says nothing about the table.
    const average = (calls * 1000) / (now - begunAt);
    perSecond = Math.max(SLOWEST, CUT * Math.min(perSecond, average));
    cutAt = now;
  };

  return async <Result>(call: () => Promise<Result>): Promise<Result> => {
    lastTurn = lastTurn.then(awaitTurn);
    await lastTurn;
    const startedAt = performance.now();
    calls++;
    try {
      const result = await call();
      perSecond += GROWTH;
      return result;
    } catch (error) {
      // A call that began before the last cut says nothing about the rate after the cut.
      if (isThrottling(error) && startedAt > cutAt) slowDown();
      throw error;
    }
  };
};

export type CallPace = ReturnType<typeof createCallPace>;
