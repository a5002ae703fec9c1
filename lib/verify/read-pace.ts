import { setTimeout as wait } from "node:timers/promises";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";

/** Throttled attempts at one read, each of which the SDK has repeated already. */
const ATTEMPTS = 10;
/** The speed never falls below this part of the limit. */
const SLOWEST = 1 / 16;
/** What a throttled read leaves of the speed, and what each read that succeeds adds to it. */
const CUT = 0.5;
const GROWTH = 1.1;

interface Output {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number | undefined } | undefined;
}

interface Options {
  /** The most read units that are used in a second. */
  readonly unitsPerSecond: number;
  /** The pause after a throttled attempt, in milliseconds. It doubles with each further one. */
  readonly firstPauseMs?: number | undefined;
}

/**
 * Keeps reads, one after the other, to a number of units a second, and below it where the table takes less.
 * @returns a function that calls `read` when it is its turn, and throws when the table has no capacity for a long time
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
