import { readEnvironment } from "../functions/environment.ts";
import { startEmbeddedDatabase } from "../lib/database/embedded-database.ts";
import { addReferenceData, connectToEngine, createTableIfMissing } from "../lib/database/local-table.ts";
import { exitWithFailure, refuseArguments, runCommand } from "./command-line.ts";
import { readPort } from "./port.ts";

const USAGE = `Usage: npm run db

Serves an embedded DynamoDB engine, with the table and its groups and study activities, until Ctrl-C.

  --help       shows this

Variables of the environment:

  PORT         8000; 0 for a free one
  HOST         127.0.0.1: the address to listen on
  DATA_DIR     .data: the folder where the data is kept
  TABLE_NAME   StudySessions

It ends with 0 after Ctrl-C, 1 when it can't start, 2 when it was called wrongly.`;

interface Settings {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
}

const startDatabase = async (settings: Settings) => {
  try {
    return await startEmbeddedDatabase({ ...settings, onEnd: exitWithFailure });
  } catch (cause) {
    const isInUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    if (!isInUse) throw cause;
    throw new Error(`${cause.message}. Choose another port with PORT=8001 npm run db`, { cause });
  }
};

const start = async () => {
  const { PORT = "8000", HOST = "127.0.0.1", DATA_DIR = ".data" } = process.env;
  const { tableName } = readEnvironment({ TABLE_NAME: "StudySessions", ...process.env });
  const database = await startDatabase({ dataDir: DATA_DIR, port: readPort(PORT), host: HOST });
  const client = connectToEngine(database.endpoint);
  await createTableIfMissing(client, tableName);
  await addReferenceData(client, tableName);
  client.destroy();
  console.log(`
DynamoDB at ${database.endpoint} with the table ${tableName}, kept in ${DATA_DIR}. Ctrl-C ends it. Others use it with

  AWS_ENDPOINT_URL_DYNAMODB=${database.endpoint}
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => database.close());
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: start });
