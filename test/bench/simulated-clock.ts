import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";

const STEP_MS = 5;

/**
 * A clock that moves on as soon as nobody has anything to do. Until it is stopped `setTimeout` goes by it, and so do
 * the SDK's pauses between its attempts.
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
    /** Milliseconds since it was started. */
    now: () => now,
    wait,
    /** Lets the work take so long. The clock stands still when it is not done by then. */
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
