import { setTimeout as wait } from "node:timers/promises";
import { isThrottling } from "../../functions/dynamodb-table.ts";

/** Throttled attempts at one read, each of which the SDK has repeated already. */
const ATTEMPTS = 10;
/** The shortest pause after a throttled read. It doubles with each further one. */
const PAUSE_MS = 100;
/** The pauses between reads never get longer than this many times the pauses without a slowdown. */
const MAX_SLOWDOWN = 16;
/** What is left of a slowdown after a read that succeeds. */
const RECOVERY = 0.9;

interface Output {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number | undefined } | undefined;
}

/**
 * Keeps reads, one after the other, to so many read units a second, and below them where the table takes less.
 * @returns a function that calls `read` when it is its turn, and throws when the table has no capacity for a long time
 */
export const createReadPace = (unitsPerSecond: number) => {
  let slowdown = 1;
  let pauseMs = 0;

  return async <Result extends Output>(read: () => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      if (pauseMs > 0) await wait(pauseMs);
      const begunAt = performance.now();
      try {
        const output = await read();
        const units = output.ConsumedCapacity?.CapacityUnits ?? 1;
        slowdown = Math.max(1, slowdown * RECOVERY);
        pauseMs = (slowdown * units * 1000) / unitsPerSecond - (performance.now() - begunAt);
        return output;
      } catch (cause) {
        if (!isThrottling(cause)) throw cause;
        if (attempt === ATTEMPTS) throw new Error("The table has no capacity for reads", { cause });
        slowdown = Math.min(MAX_SLOWDOWN, slowdown * 2);
        pauseMs = Math.max(2 * pauseMs, PAUSE_MS * 2 ** attempt);
      }
    }
  };
};
