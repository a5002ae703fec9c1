import { setTimeout as wait } from "node:timers/promises";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";

/** The number of attempts at one read. The SDK has already retried each attempt. */
const ATTEMPTS = 10;
/** The lowest rate, as a part of the limit. */
const SLOWEST = 1 / 16;
/** Factors by which a throttled read reduces the rate, and by which a successful read raises it again. */
const CUT = 0.5;
const GROWTH = 1.1;

interface Output {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number | undefined } | undefined;
}

interface Options {
  /** The limit of read units in a second. */
  readonly unitsPerSecond: number;
  /** The pause after a throttled attempt, in milliseconds. It doubles with each further one. */
  readonly firstPauseMs?: number | undefined;
}

/**
 * Limits sequential reads to a number of units a second, and slows down further while the table throttles them.
 * @returns a function that calls `read` when its turn comes, and throws when the table has no capacity for a long time
 */
export const createReadPace = ({ unitsPerSecond, firstPauseMs = 200 }: Options) => {
  let speed = 1;
  let nextAt = 0;

  return async <Result extends Output>(read: () => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      const begunAt = performance.now();
      if (nextAt > begunAt) await wait(nextAt - begunAt);
      try {
        const output = await read();
        const units = output.ConsumedCapacity?.CapacityUnits ?? 1;
        nextAt = Math.max(nextAt, begunAt) + (units * 1000) / (unitsPerSecond * speed);
        speed = Math.min(1, speed * GROWTH);
        return output;
      } catch (cause) {
        if (!isThrottling(cause)) throw cause;
        if (attempt === ATTEMPTS) throw new Error("The table has no capacity for reads", { cause });
        speed = Math.max(SLOWEST, speed * CUT);
        nextAt = performance.now() + firstPauseMs * 2 ** (attempt - 1);
      }
    }
  };
};
