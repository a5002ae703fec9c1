import { setTimeout as wait } from "node:timers/promises";

const ATTEMPTS = 10;

/**
 * Repeats an attempt, after growing random pauses, until it says that nothing is left.
 * @param attempt - gives how many items are left, for which the table had no capacity
 * @param firstPauseMs - what the first pause is at most, in milliseconds. Each further one may be twice as long
 * @throws Error when the table has no capacity for a long time, and whatever the attempt throws
 */
export const repeatUntilDone = async (attempt: () => Promise<number>, firstPauseMs = 100) => {
  let left = await attempt();
  for (let repetition = 1; repetition < ATTEMPTS && left > 0; repetition++) {
    await wait(Math.random() * firstPauseMs * 2 ** (repetition - 1));
    left = await attempt();
  }
  if (left === 0) return;
  throw new Error(`The table had no capacity for ${left} items, after ${ATTEMPTS} attempts. Try again later`);
};
