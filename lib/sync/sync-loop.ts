import { setTimeout as wait } from "node:timers/promises";
import { errorMessage } from "../error-message.ts";
import { LockedFileError } from "./portal/portal-thread.ts";
import type { PortalSync } from "./portal-sync.ts";
import type { ReferenceChanges } from "./reference-copy.ts";

/** A look at the portal's file reads a few bytes of it. */
const FILE_PAUSE_MS = 500;
/** A look at a deployed table costs half a read unit. */
const TABLE_PAUSE_MS = 2000;

/** The changes of a pass. */
export interface PassChanges {
  /** The number of sessions that the portal got. */
  readonly inserted: number;
  readonly references: ReferenceChanges | undefined;
  /** The number of the portal's own sessions that the table got. */
  readonly imported?: number;
}

interface Options {
  readonly sync: PortalSync;
  readonly isLocal: boolean;
  /** Called for each pass that changed something. */
  readonly onChanges: (changes: PassChanges) => void;
  /** Called with the reason when passes begin to fail, and when the reason changes. */
  readonly onFailure: (reason: string) => void;
  readonly signal: AbortSignal;
}

/** @returns a function that runs a step, and reports its failures once */
const createAttempt = ({ onFailure, signal }: Options) => {
  let lastReason: string | undefined;
  return async <Result>(step: () => Promise<Result>) => {
    try {
      const result = await step();
      lastReason = undefined;
      return result;
    } catch (error) {
      const reason = errorMessage(error);
      if (!signal.aborted && reason !== lastReason) onFailure(reason);
      lastReason = reason;
      return undefined;
    }
  };
};

/** A file that is locked for a moment is read with the next pass. */
const copyReferences = async (sync: PortalSync) => {
  try {
    return await sync.copyReferences(0);
  } catch (error) {
    if (error instanceof LockedFileError) return undefined;
    throw error;
  }
};

/** Repeats passes until the signal. A pass that fails is repeated too. */
export const repeatPasses = async (options: Options) => {
  const { sync, isLocal, onChanges, signal } = options;
  const attemptReferences = createAttempt(options);
  const attemptSessions = createAttempt(options);
  const tablePauseMs = isLocal ? FILE_PAUSE_MS : TABLE_PAUSE_MS;
  let nextTableLook = 0;
  while (!signal.aborted) {
    let inserted = 0;
    const references = await attemptReferences(() => copyReferences(sync));
    if (performance.now() >= nextTableLook) {
      await attemptSessions(() => sync.copySessions({ isWhole: false, onInserted: () => inserted++ }));
      nextTableLook = performance.now() + tablePauseMs;
    }
    if (references || inserted > 0) onChanges({ inserted, references });
    await wait(FILE_PAUSE_MS, undefined, { signal }).catch(() => {});
  }
};
