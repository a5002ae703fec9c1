import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createHandler } from "../functions/create-study-session.ts";
import type { Environment } from "../functions/environment.ts";
import { FUNCTION_TIMEOUT_SECONDS } from "../functions/http-api.ts";
import type { WriteLog } from "../functions/request-log.ts";
import { createStudySessionStore } from "../functions/study-session-store.ts";
import { startEmbeddedDatabase } from "./embedded-database.ts";
import { type AnsweredRequest, createLocalGateway } from "./local-gateway.ts";
import { addReferenceData, connectToEngine, createTableIfMissing } from "./local-table.ts";
import referenceData from "./reference-data.json" with { type: "json" };

interface Options extends Environment {
  /** 0 for a free one. */
  readonly port: number;
  /** The embedded engine keeps its data here. */
  readonly dataDir: string;
  /** Another engine, which is used instead of the embedded one. */
  readonly endpoint: string | undefined;
  readonly onAnswer: (request: AnsweredRequest) => void;
  readonly writeLog: WriteLog;
}

const startEngine = async ({ endpoint, dataDir }: Options) =>
  endpoint ? { endpoint, close: async () => {} } : startEmbeddedDatabase(dataDir);

const prepareTable = async (client: DynamoDBClient, { endpoint, tableName }: Options) => {
  try {
    await createTableIfMissing(client, tableName);
    await addReferenceData(client, tableName, referenceData);
  } catch (cause) {
    throw new Error(`The database at ${endpoint} can't be used: ${cause}`, {
      cause,
    });
  }
};

const listen = async (server: Server, port: number) => {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (cause) {
    throw new Error(`Can't listen on port ${port}: ${cause}. Choose another with PORT=5001 npm start`, {
      cause,
    });
  }
  return (server.address() as AddressInfo).port;
};

/**
 * Starts the whole service on this machine: a stand-in for the gateway, the function's handler, and a table with
 * reference data.
 * @returns the port that it listens on, and a function that ends it when the requests under way are answered
 * @throws Error when the port or the folder is in use, or the other engine does not answer
 */
export const startLocalService = async (options: Options) => {
  const engine = await startEngine(options);
  const client = connectToEngine(engine.endpoint);
  const closeDatabase = async () => {
    client.destroy();
    await engine.close();
  };
  const { tableName, allowedOrigins, writeLog, onAnswer } = options;
  const store = createStudySessionStore(DynamoDBDocumentClient.from(client), tableName);
  const server = createLocalGateway({
    handler: createHandler({ store, allowedOrigins, writeLog }),
    allowedOrigins,
    timeoutMs: FUNCTION_TIMEOUT_SECONDS * 1000,
    onAnswer,
  });
  try {
    await prepareTable(client, options);
    const port = await listen(server, options.port);
    const close = async () => {
      await promisify(server.close.bind(server))();
      await closeDatabase();
    };
    return { port, close };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
};
