import { styleText } from "node:util";
import type { LogLevel } from "../functions/http/request-log.ts";
import { ROUTES } from "../functions/routes.ts";
import type { Reference, References } from "../lib/database/stored-references.ts";
import { errorMessage } from "../lib/error-message.ts";
import { toUrlHost } from "../lib/local/host-check.ts";
import type { ServedRequest } from "../lib/local/local-gateway.ts";
import { startLocalService } from "../lib/local/local-service.ts";
import { exitWithFailure, refuseArguments, runCommand } from "./command-line.ts";
import { readLocalSettings } from "./local-settings.ts";

const PATH = ROUTES.createStudySession.path;

const USAGE = `Usage: npm start

Serves ${PATH} on this machine, and a page that shows the study sessions, until Ctrl-C.
npm run dev does the same, and restarts when a file in bin, functions or lib changes.

  --help   shows this

Variables of the environment:

  PORT                        5000; 0 for a free one
  HOST                        127.0.0.1: the address to listen on. With 0.0.0.0, whoever reaches this machine over
                              the network can use the service
  DATA_DIR                    .data: the folder where sessions are kept
  TABLE_NAME                  StudySessions
  ALLOWED_ORIGINS             *: the origins whose pages may call the service, joined by commas
  ID_BLOCK_SIZE               1: how many ids are reserved at a time
  REFERENCE_CACHE_SECONDS     60: how long a group or study activity that was found is not read again; 0 reads it
                              every time
  LOG_LEVEL                   INFO: WARN prints only the answers from 400, ERROR only those from 500
  AWS_ENDPOINT_URL_DYNAMODB   another DynamoDB engine, instead of the embedded one
  NO_COLOR                    anything: no colours

It ends with 0 after Ctrl-C, 1 when it can't start, 2 when it was called wrongly.`;

/** @throws Error that names the variable that is wrong */
const readServiceSettings = (variables: NodeJS.ProcessEnv) => {
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint } = variables;
  if (endpoint && !URL.canParse(endpoint)) {
    throw new Error(`AWS_ENDPOINT_URL_DYNAMODB: "${endpoint}" is not a URL`);
  }
  return { ...readLocalSettings(variables, "5000"), endpoint };
};

const hasLocalhost = (host: string) => ["127.0.0.1", "0.0.0.0", "::"].includes(host);

const colorOf = (status: number) => {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
};

/** The lowest status whose requests are printed. */
const LOWEST_STATUS: Readonly<Record<LogLevel, number>> = { INFO: 100, WARN: 400, ERROR: 500 };

/** Summarises a response in a few words. */
const describeResponse = (body: string): string => {
  const { id, study_sessions: sessions, error, message = "" } = body ? JSON.parse(body) : {};
  if (sessions) return `${sessions.length} study ${sessions.length === 1 ? "session" : "sessions"}`;
  return id === undefined ? (error ?? message) : `id ${id}`;
};

const printRequest = ({ method, url, status, body, durationMs }: ServedRequest) => {
  const outcome = describeResponse(body);
  const duration = styleText("dim", `(${durationMs.toFixed(1)} ms)`);
  console.log(`${method} ${url} ${styleText(colorOf(status), `${status} ${outcome}`)} ${duration}`);
};

const MAX_PRINTED = 10;

/** `1 Core Verbs, 2 Core Adjectives` */
const describeReferences = (references: readonly Reference[]) => {
  const printed = references.slice(0, MAX_PRINTED).map(({ id, name }) => `${id} ${name}`.trim());
  const rest = references.length - printed.length;
  return printed.join(", ") + (rest > 0 ? `, and ${rest} more` : "");
};

/** Reading them takes a look through the whole table, during which the service already answers and may be ended. */
const printReferences = async (readReferences: () => Promise<References>, ending: AbortSignal) => {
  try {
    const { groups, study_activities } = await readReferences();
    console.log(`Groups:            ${describeReferences(groups)}`);
    console.log(`Study activities:  ${describeReferences(study_activities)}\n`);
  } catch (error) {
    if (ending.aborted) return;
    console.error(`The groups and study activities can't be listed: ${errorMessage(error)}`);
  }
};

const start = async () => {
  const settings = readServiceSettings(process.env);
  const service = await startLocalService({
    ...settings,
    onResponse: (request) => request.status >= LOWEST_STATUS[settings.logLevel] && printRequest(request),
    onError: console.error,
    onEngineEnd: exitWithFailure,
    writeLog: ({ cause }) => cause && console.error(cause),
  });
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    return service.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  const url = `http://${toUrlHost(hasLocalhost(settings.host) ? "localhost" : settings.host)}:${service.port}`;
  console.log(`
Study sessions at ${styleText("bold", url)}, kept in ${settings.endpoint ?? settings.dataDir}. Ctrl-C ends it.

Open this address in a browser, or create a study session with:

  curl -X POST "${url}${PATH}" \\
       -H "Content-Type: application/json" \\
       -d '{"group_id": 1, "study_activity_id": 2}'
`);
  await printReferences(service.readReferences, ending.signal);
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: start });
