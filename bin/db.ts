import { startEmbeddedDatabase } from "../lib/database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../lib/database/local-table.ts";
import { exitWithFailure, refuseArguments, runCommand } from "./command-line.ts";
import { readLocalSettings } from "./local-settings.ts";

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
  const { tableName, dataDir, port, host } = readLocalSettings(process.env, "8000");
  const database = await startDatabase({ dataDir, port, host });
  const client = connectToEngine(database.endpoint);
  await prepareTable(client, { tableName, place: database.endpoint });
  client.destroy();
  console.log(`
DynamoDB at ${database.endpoint} with the table ${tableName}, kept in ${dataDir}. Ctrl-C ends it. Others use it with

  AWS_ENDPOINT_URL_DYNAMODB=${database.endpoint}
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => database.close());
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: start });
