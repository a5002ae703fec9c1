import { inspect, styleText } from "node:util";
import type { LogLevel } from "../functions/http/request-log.ts";
import { ROUTES } from "../functions/routes.ts";
import { toLocalUrl, toNetworkUrls } from "../lib/address-url.ts";
import type { Reference, References } from "../lib/database/stored-references.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { ServedRequest } from "../lib/local/local-gateway.ts";
import type { ServiceOptions } from "../lib/local/local-service.ts";
import { explainStartFailure, recordUrl } from "../lib/local/running-program.ts";
import { toPrintable, toPrintableLines } from "../lib/printable.ts";
import { endOnSignal, exitWithFailure, refuseArguments, runCommand } from "./command-line.ts";
import { readServiceSettings, SERVICE_VARIABLES } from "./local-settings.ts";
import { formatReferenceLine } from "./reference-list.ts";
import { startSharedService } from "./shared-service.ts";

const PATH = ROUTES.createStudySession.path;

const USAGE = `Usage: npm start

Serves ${PATH} on this machine, and a page that shows the study sessions, until Ctrl-C.
npm run dev does the same, and restarts when a file in bin, functions or lib changes.

  --help   shows this

Variables of the environment:

${SERVICE_VARIABLES}

Exit codes: 0 after Ctrl-C; 1 the service can't start; 2 an option or a variable is wrong.`;

const colorOf = (status: number) => {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
};

/** Summarises the body of a response in a few words. */
const summarise = (body: string): string => {
  const { id, study_sessions: sessions, error, message = "" } = body ? JSON.parse(body) : {};
  if (sessions) return `${sessions.length} study ${sessions.length === 1 ? "session" : "sessions"}`;
  return id === undefined ? (error ?? message) : `id ${id}`;
};

/** Formats a request with its response: `POST /api/study-sessions 201 id 1 (2.3 ms)`. */
const formatRequest = ({ method, url, status, body, durationMs }: ServedRequest) => {
  const outcome = styleText(colorOf(status), `${status} ${toPrintable(summarise(body))}`.trimEnd());
  const duration = styleText("dim", `(${durationMs.toFixed(1)} ms)`);
  return `${method} ${toPrintable(url)} ${outcome} ${duration}`;
};

/** The lowest status whose requests are printed. */
const LOWEST_STATUS: Readonly<Record<LogLevel, number>> = { INFO: 100, WARN: 400, ERROR: 500 };

/** Prints what was caught. It is indented, so that no text in it looks like the line of a request. */
const printError = (error: unknown) => {
  const text = typeof error === "string" ? error : inspect(error);
  console.error(toPrintableLines(text).replaceAll(/^/gm, "  "));
};

const startService = async (options: ServiceOptions) => {
  try {
    return await startSharedService(options);
  } catch (cause) {
    const { dataDir, host, port } = options;
    const url = toLocalUrl({ host, port });
    throw await explainStartFailure(cause, { dataDir, url, example: "PORT=5001 npm start" });
  }
};

const printBanner = (url: string, networkUrls: readonly string[], place: string) => {
  console.log(`\nStudy sessions at ${styleText("bold", url)}, kept in ${place}. Ctrl-C ends it.\n`);
  if (networkUrls.length === 0) return;
  console.log(
    `Other machines on your network, such as a phone, reach it at:\n\n  ${networkUrls.join("\n  ")}\n`,
  );
};

/** Reading the references scans the whole table. Meanwhile the service already responds, and can be ended. */
const printReferences = async (readReferences: () => Promise<References>, ending: AbortSignal) => {
  try {
    const references = await readReferences();
    console.log(`Groups:            ${formatReferenceLine(references.groups)}`);
    console.log(`Study activities:  ${formatReferenceLine(references.study_activities)}\n`);
    return references;
  } catch (error) {
    if (!ending.aborted) {
      console.error(
        `The groups and study activities can't be listed: ${toPrintableLines(errorMessage(error))}`,
      );
    }
    return { groups: [], study_activities: [] };
  }
};

/** @returns the wanted id if the table has it or has none, otherwise the first id of the table */
const chooseId = (references: readonly Reference[], wanted: number) =>
  (references.find(({ id }) => id === wanted) ?? references[0])?.id ?? wanted;

const printExample = (url: string, { groups, study_activities }: References) => {
  const body = `{"group_id": ${chooseId(groups, 1)}, "study_activity_id": ${chooseId(study_activities, 2)}}`;
  console.log(`Open the address above in a browser, or create a study session with:

  curl -X POST "${url}${PATH}" \\
       -H "Content-Type: application/json" \\
       -d '${body}'
`);
};

const start = async () => {
  const settings = readServiceSettings(process.env);
  const service = await startService({
    ...settings,
    onResponse: (request) =>
      request.status >= LOWEST_STATUS[settings.logLevel] && console.log(formatRequest(request)),
    onError: printError,
    onEngineEnd: exitWithFailure,
    writeLog: ({ cause }) => cause && printError(cause),
  });
  const ending = new AbortController();
  endOnSignal(() => {
    ending.abort();
    return service.close();
  });
  const { host, endpoint, dataDir } = settings;
  const address = { host, port: service.port };
  const url = toLocalUrl(address);
  if (!endpoint) await recordUrl(dataDir, url);
  printBanner(url, toNetworkUrls(address), endpoint ?? dataDir);
  if (service.sharing !== undefined) console.log(service.sharing);
  const references = await printReferences(service.readReferences, ending.signal);
  if (!ending.signal.aborted) printExample(url, references);
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: start });
