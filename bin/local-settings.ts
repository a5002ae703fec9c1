import { readEnvironment } from "../functions/environment.ts";
import { parseWholeNumber } from "../functions/parse-integer.ts";
import { errorMessage } from "../lib/error-message.ts";
import { CallError } from "./command-line.ts";

/** Describes the variables that `readServiceSettings` reads, for --help. */
export const SERVICE_VARIABLES = `\
  PORT                        5000; 0 takes a free port
  HOST                        the address to listen on. If it is not set, only this machine reaches the service, as
                              localhost. With 0.0.0.0, everybody on your network can use it
  DATA_DIR                    .data: the folder where sessions are kept
  TABLE_NAME                  StudySessions
  ALLOWED_ORIGINS             *: the origins whose pages may call the service, joined by commas
  ID_BLOCK_SIZE               1: how many ids are reserved at a time
  REFERENCE_CACHE_SECONDS     60: how many seconds an existing group or study activity stays cached; 0 disables
                              the cache
  LOG_LEVEL                   INFO: WARN prints only responses from 400, ERROR only those from 500
  AWS_ENDPOINT_URL_DYNAMODB   the URL of another DynamoDB engine, which replaces the embedded one
  PORTAL_DB                   a portal's SQLite file, which supplies groups and study activities, and gets each session
  NO_COLOR                    any value turns colours off`;

/**
 * Checks the name of a DynamoDB table.
 * @param source - the variable or option that the name came from
 * @throws CallError that names the source
 */
export const checkTableName = (name: string, source: string) => {
  if (/^[\w.-]{3,255}$/.test(name)) return;
  throw new CallError(
    `${source}: "${name}" is not the name of a table. Expected 3 to 255 of a-z, A-Z, 0-9, _ . -`,
  );
};

const readEndpoint = (endpoint: string) => {
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) return endpoint;
  const lacksScheme = !endpoint.includes("://") && URL.canParse(`http://${endpoint}`);
  const problem = lacksScheme
    ? `http:// is missing in "${endpoint}". Expected http://${endpoint}`
    : `"${endpoint}" is not a URL such as http://127.0.0.1:8000`;
  throw new CallError(`AWS_ENDPOINT_URL_DYNAMODB: ${problem}`);
};

/**
 * Reads which table a command uses when it is given none.
 * @returns the table's name, the folder of the embedded engine, and the URL of another engine, if there is one
 * @throws CallError that names the wrong variable
 */
export const readTableSettings = (variables: NodeJS.ProcessEnv) => {
  const { TABLE_NAME: tableName = "StudySessions", DATA_DIR: dataDir = ".data" } = variables;
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint } = variables;
  checkTableName(tableName, "TABLE_NAME");
  if (dataDir === "") throw new CallError("DATA_DIR is empty. Expected the folder to keep the data in");
  return { tableName, dataDir, endpoint: endpoint ? readEndpoint(endpoint) : undefined };
};

/**
 * Reads the address that a command listens on.
 * @returns no host when the command listens on both loopbacks
 * @throws CallError that names the wrong variable
 */
export const readAddress = (variables: NodeJS.ProcessEnv, defaultPort: string) => {
  const { PORT: text = defaultPort, HOST: host } = variables;
  if (host === "") throw new CallError("HOST is empty. Expected the address to listen on");
  const port = parseWholeNumber(text, { min: 0, max: 65535 });
  if (port !== undefined) return { host, port };
  throw new CallError(`PORT: "${text}" is not a port. Expected a number from 0 (a free one) to 65535`);
};

/**
 * Reads the settings of the function, and where it runs on this machine.
 * @throws CallError that names the wrong variable
 */
export const readServiceSettings = (variables: NodeJS.ProcessEnv) => {
  const local = { ...readTableSettings(variables), ...readAddress(variables, "5000") };
  try {
    return { ...readEnvironment({ ...variables, TABLE_NAME: local.tableName }), ...local };
  } catch (cause) {
    throw new CallError(errorMessage(cause), { cause });
  }
};
