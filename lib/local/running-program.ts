import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrorCode } from "../error-code.ts";
import { errorMessage } from "../error-message.ts";

/** This file of the data folder holds the URL of the program that used the folder last. */
const URL_FILE = "last-url";

/** Another program must respond within this many milliseconds. */
const TIMEOUT_MS = 1000;

/** Each program of ours responds to the same request with a text of its own. */
const PROGRAMS = [
  { name: "study-sessions", text: '"title":"Study sessions"' },
  { name: "npm run db", text: "The database serves no web pages" },
];

const identify = async (url: string) => {
  try {
    const response = await fetch(`${url}/openapi.json`, {
      headers: { Origin: url },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await response.text();
    return PROGRAMS.find(({ text }) => body.includes(text))?.name;
  } catch {
    return undefined;
  }
};

/** Records the URL of a program that uses the folder. It only helps to explain errors, so it may fail. */
export const recordUrl = (dataDir: string, url: string) =>
  writeFile(join(dataDir, URL_FILE), url).catch(() => {});

interface Attempt {
  readonly dataDir: string;
  /** The URL that the program would have had. */
  readonly url: string;
  /** An example of a call with another port. */
  readonly example: string;
}

const findRunningProgram = async ({ dataDir, url }: Attempt) => {
  const recordedUrl = await readFile(join(dataDir, URL_FILE), "utf8").catch(() => "");
  for (const candidate of [url, recordedUrl]) {
    const name = await identify(candidate);
    if (name !== undefined) return { name, url: candidate };
  }
  return undefined;
};

/**
 * Explains why a program could not start: one of our programs may already use its port or its folder.
 * @returns an Error whose message also says what helps
 */
export const explainStartFailure = async (cause: unknown, attempt: Attempt) => {
  const isPortInUse = hasErrorCode(cause, "EADDRINUSE");
  const isInUse = isPortInUse || hasErrorCode(cause, "LEVEL_LOCKED");
  const running = isInUse ? await findRunningProgram(attempt) : undefined;
  if (running) {
    const advice = "End it first, or choose another PORT and DATA_DIR";
    return new Error(`${running.name} already runs at ${running.url}. ${advice}`, { cause });
  }
  return isPortInUse ? new Error(`${errorMessage(cause)}, as in ${attempt.example}`, { cause }) : cause;
};
