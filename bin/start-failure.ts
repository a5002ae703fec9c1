import { hasErrorCode } from "../lib/error-code.ts";
import { errorMessage } from "../lib/error-message.ts";
import { findRunningProgram } from "../lib/local/running-program.ts";

interface Attempt {
  readonly dataDir: string;
  /** The URL that the program would have had. */
  readonly url: string;
  /** A call with another port. */
  readonly example: string;
}

/**
 * Explains why a program could not start: it may run already.
 * @returns an Error whose message also says what helps
 */
export const explainStartFailure = async (cause: unknown, { dataDir, url, example }: Attempt) => {
  const isPortInUse = hasErrorCode(cause, "EADDRINUSE");
  const isInUse = isPortInUse || hasErrorCode(cause, "LEVEL_LOCKED");
  const running = isInUse ? await findRunningProgram({ dataDir, url }) : undefined;
  if (running) {
    const advice = "End it first, or choose another PORT and DATA_DIR";
    return new Error(`${running.name} already runs at ${running.url}. ${advice}`, { cause });
  }
  return isPortInUse ? new Error(`${errorMessage(cause)}, as in ${example}`, { cause }) : cause;
};
