import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";

const STEP_MS = 5;

/**
 * Starts a clock that advances as soon as nothing is left to do. Until the clock is stopped, `setTimeout` and the SDK's
 * pauses between its attempts follow it.
 */
export const startSimulatedClock = () => {
  let now = 0;
  const late = new Set<Promise<unknown>>();
  mock.timers.enable({ apis: ["setTimeout"] });
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const step = async () => {
    await setImmediate();
    while (late.size > 0) {
      await Promise.all(late);
      await setImmediate();
    }
    now += STEP_MS;
    mock.timers.tick(STEP_MS);
  };
  return {
    /** Returns the milliseconds since the start of the clock. */
    now: () => now,
    wait,
    /** Makes the work take this long. The clock stops until the work is done. */
    take: async <T>(ms: number, work: Promise<T>) => {
      const settled = Promise.allSettled([work]);
      await wait(ms);
      late.add(settled);
      await settled;
      late.delete(settled);
      return work;
    },
    /** Moves on until the work is done. */
    run: async <T>(work: Promise<T>) => {
      let isDone = false;
      const end = () => {
        isDone = true;
      };
      work.then(end, end);
      while (!isDone) await step();
      return work;
    },
    stop: () => mock.timers.reset(),
  };
};
