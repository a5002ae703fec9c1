import type { CallResponse, InterceptedCall } from "./intercept-calls.ts";

/** The process that makes the calls. */
export interface FaultyProcess {
  /** Requests that have left the process, but have not reached the engine yet. */
  readonly delayed: (() => Promise<unknown>)[];
  readonly die: () => void;
}

type InjectFault = (intercepted: InterceptedCall, process: FaultyProcess) => Promise<CallResponse>;

const createError = (name: string, code?: string) =>
  Object.assign(new Error(`injected ${name}`), { name, code });

const createResetError = () => createError("TimeoutError", "ECONNRESET");

const hang = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(createError("AbortError"));
    signal?.addEventListener("abort", () => reject(createError("AbortError")));
  });

/** The faults that can happen to a call. A delayed request reaches the engine after the client has its response. */
export const FAULTS = {
  refused: async () => {
    throw createResetError();
  },
  throttled: async () => {
    throw createError("ThrottlingException");
  },
  "applied, response lost": async ({ forward }) => {
    await forward();
    throw createResetError();
  },
  delayed: async ({ forwardLate }, process) => {
    process.delayed.push(forwardLate);
    throw createResetError();
  },
  hanging: ({ signal }) => hang(signal),
  "applied, then hanging": async ({ forward, signal }) => {
    await forward();
    return hang(signal);
  },
  "process dies before": async ({ signal }, process) => {
    process.die();
    return hang(signal);
  },
  "process dies after": async ({ forward, signal }, process) => {
    await forward();
    process.die();
    return hang(signal);
  },
} as const satisfies Record<string, InjectFault>;

export type FaultKind = keyof typeof FAULTS;
