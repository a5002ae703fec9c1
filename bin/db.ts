import { toLocalUrl, toNetworkUrls } from "../lib/address-url.ts";
import { startEmbeddedDatabase } from "../lib/database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../lib/database/local-table.ts";
import type { Address } from "../lib/listen.ts";
import { explainStartFailure, recordUrl } from "../lib/local/running-program.ts";
import { endOnSignal, exitWithFailure, refuseArguments, runCommand } from "./command-line.ts";
import { readAddress, readTableSettings } from "./local-settings.ts";

const USAGE = `Usage: npm run db

Serves an embedded DynamoDB engine, with the table and its groups and study activities, until Ctrl-C.

  --help       shows this

Variables of the environment:

  PORT         8000; 0 takes a free port
  HOST         the address to listen on. If it is not set, only this machine reaches the engine
  DATA_DIR     .data: the folder where the data is kept
  TABLE_NAME   StudySessions

Exit codes: 0 after Ctrl-C; 1 the engine can't start; 2 an option or a variable is wrong.`;

const startDatabase = async (dataDir: string, { host, port }: Address) => {
  try {
    return await startEmbeddedDatabase({ dataDir, host, port, onEnd: exitWithFailure });
  } catch (cause) {
    const url = toLocalUrl({ host: host ?? "127.0.0.1", port });
    throw await explainStartFailure(cause, { dataDir, url, example: "PORT=8001 npm run db" });
  }
};

const start = async () => {
  const { tableName, dataDir } = readTableSettings(process.env);
  const address = readAddress(process.env, "8000");
  const database = await startDatabase(dataDir, address);
  const { endpoint } = database;
  await recordUrl(dataDir, endpoint);
  const client = connectToEngine(endpoint);
  try {
    await prepareTable(client, { tableName, place: endpoint });
  } catch (error) {
    await database.close();
    throw error;
  } finally {
    client.destroy();
  }
  endOnSignal(() => database.close());
  const networkUrls = toNetworkUrls({ ...address, port: Number(new URL(endpoint).port) });
  console.log(`
DynamoDB at ${endpoint} with the table ${tableName}, kept in ${dataDir}. Ctrl-C ends it. Other programs use it with

${[endpoint, ...networkUrls].map((url) => `  AWS_ENDPOINT_URL_DYNAMODB=${url}`).join("\n")}
`);
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: start });
