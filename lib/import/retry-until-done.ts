import { setTimeout as wait } from "node:timers/promises";

const ATTEMPTS = 10;

type Attempt<Result> =
  | { readonly isDone: true; readonly result: Result }
  /** The table had no capacity for `unwritten` items. */
  | { readonly isDone: false; readonly unwritten: number };

interface Options {
  /** The longest first pause, in milliseconds. Pauses are random, and the longest one doubles. */
  readonly firstPauseMs?: number | undefined;
  /** Ends the pauses, and so the retries. */
  readonly signal?: AbortSignal;
}

/**
 * Retries an attempt until the table had capacity for all of it.
 * @returns the result of the last attempt
 * @throws Error when the table has no capacity for a long time or the signal is aborted, and what the attempt throws
 */
export const retryUntilDone = async <Result>(
  attempt: () => Promise<Attempt<Result>>,
  { firstPauseMs = 100, signal }: Options = {},
): Promise<Result> => {
  let last = await attempt();
  for (let retry = 1; retry < ATTEMPTS && !last.isDone; retry++) {
    await wait(Math.random() * firstPauseMs * 2 ** (retry - 1), undefined, signal && { signal });
    last = await attempt();
  }
  if (last.isDone) return last.result;
  const items = last.unwritten === 1 ? "1 item" : `${last.unwritten} items`;
  throw new Error(`The table had no capacity for ${items}, after ${ATTEMPTS} attempts. Try again later`);
};
