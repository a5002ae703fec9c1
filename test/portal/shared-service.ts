import { startCommandProcess, startServiceProcess } from "../support/service-process.ts";
import { createFrontEnd, type FrontEnd } from "./front-end.ts";

interface Place {
  /** The folder of the embedded engine. */
  readonly dataDir: string;
  /** The portal's SQLite file. */
  readonly file: string;
}

interface SharedService extends FrontEnd {
  readonly url: string;
  /** Ends the process that shares the data, and starts it again. */
  readonly restart: (signal: NodeJS.Signals) => Promise<void>;
  /** Resolves with the first matching line that this process prints. */
  readonly printed: (line: RegExp) => Promise<string>;
}

/** Starts a process. @returns functions that start it again, and that wait for a line of it */
const startAgain = async <Process extends ReturnType<typeof startCommandProcess>>(
  start: () => Process,
  isReady: (process: Process) => Promise<unknown>,
) => {
  let process = start();
  await isReady(process);
  const restart = async (signal: NodeJS.Signals) => {
    process.kill(signal);
    await process.exited;
    process = start();
    await isReady(process);
  };
  return { restart, printed: (line: RegExp) => process.printed(line) };
};

const startWithPortalFile = async ({ dataDir, file }: Place): Promise<SharedService> => {
  let url = "http://localhost:0";
  const start = () =>
    startServiceProcess({ DATA_DIR: dataDir, PORTAL_DB: file, PORT: new URL(url).port || "0" });
  const sharing = await startAgain(start, async ({ listening }) => {
    url = await listening;
  });
  return { url, ...sharing, ...createFrontEnd(url) };
};

const startWithSync = async ({ dataDir, file }: Place): Promise<SharedService> => {
  const engine = startCommandProcess("bin/db.ts", { DATA_DIR: dataDir });
  const line = await engine.printed(/^DynamoDB at /);
  const [, endpoint = ""] = /at (\S+)/.exec(line) ?? [];
  // Without a cache, so that the tests need not wait a minute until a removed group is forgotten.
  const variables = { AWS_ENDPOINT_URL_DYNAMODB: endpoint, REFERENCE_CACHE_SECONDS: "0" };
  const url = await startServiceProcess(variables).listening;
  const start = () => startCommandProcess("bin/sync.ts", variables, file, "--watch");
  const sharing = await startAgain(start, ({ printed }) => printed(/^Watching /));
  return { url, ...sharing, ...createFrontEnd(url) };
};

/** The two ways in which a service shares its data with a portal. */
export const WAYS = { PORTAL_DB: startWithPortalFile, "npm run sync": startWithSync } as const;
