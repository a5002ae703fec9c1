import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Holds, in the data folder, the URL of the program that last used the folder. */
const URL_FILE = "last-url";

/** How long another program may take to respond, in milliseconds. */
const TIMEOUT_MS = 1000;

/** Texts that only our own programs respond with, to one request that both of them know. */
const PROGRAMS = [
  { name: "study-sessions", text: '"title":"Study sessions"' },
  { name: "npm run db", text: "The database answers no web pages" },
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

interface Place {
  readonly dataDir: string;
  /** The URL that a new program would have. */
  readonly url: string;
}

/**
 * Finds the program of ours that already uses a port or a folder.
 * @returns undefined when nobody responds as one of our programs does
 */
export const findRunningProgram = async ({ dataDir, url }: Place) => {
  const recordedUrl = await readFile(join(dataDir, URL_FILE), "utf8").catch(() => "");
  for (const candidate of [url, recordedUrl]) {
    const name = await identify(candidate);
    if (name !== undefined) return { name, url: candidate };
  }
  return undefined;
};
