import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Environment } from "../../functions/environment.ts";
import { FUNCTION_TIMEOUT_SECONDS } from "../../functions/http/deadline.ts";
import type { WriteLog } from "../../functions/http/request-log.ts";
import { createStudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import { createStudySessionStore } from "../../functions/sessions/study-session-store.ts";
import { openEmbeddedDatabase } from "../database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../database/local-table.ts";
import { readReferences } from "../database/stored-references.ts";
import { type AnsweredRequest, type GatewayOptions, startLocalGateway } from "./local-gateway.ts";
import { createLocalPages } from "./local-pages.ts";
import { createServiceHandler } from "./service-handler.ts";
import { shareWhileRunning } from "./share-while-running.ts";

interface Options extends Environment, Pick<GatewayOptions, "host" | "port" | "onError"> {
  /** Hears of every request, except those for pages and those that the page repeats by itself and that succeed. */
  readonly onAnswer: GatewayOptions["onAnswer"];
  /** The embedded engine keeps its data here. */
  readonly dataDir: string;
  /** Another engine, which is used instead of the embedded one. */
  readonly endpoint: string | undefined;
  readonly writeLog: WriteLog;
  /** Hears why the embedded engine ended for good. */
  readonly onEngineEnd?: (reason: Error) => void;
}

const startEngine = async ({ endpoint, dataDir, onEngineEnd: onEnd }: Options) =>
  endpoint
    ? { endpoint, requestHandler: undefined, close: async () => {} }
    : openEmbeddedDatabase({ dataDir, ...(onEnd && { onEnd }) });

/** The page at / asks for new sessions every two seconds, and says so with a header. */
const isPoll = ({ headers, status }: AnsweredRequest) => headers["x-poll"] !== undefined && status < 400;

/**
 * Starts the whole service on this machine: a stand-in for the gateway, the function's handler, a table with reference
 * data, and pages to try it with.
 * @returns the port that it listens on, a function that reads the groups and study activities of the table, and one
 *   that ends the service when the requests under way are answered
 * @throws Error when the port or the folder is in use, or the other engine does not answer
 */
export const startLocalService = async (options: Options) => {
  const engine = await startEngine(options);
  const client = connectToEngine(engine.endpoint, engine.requestHandler);
  const closeDatabase = async () => {
    client.destroy();
    await engine.close();
  };
  const { tableName, allowedOrigins, idBlockSize, referenceCacheSeconds } = options;
  const { writeLog, host, port, onAnswer, onError } = options;
  const database = { client: DynamoDBDocumentClient.from(client), tableName };
  const store = createStudySessionStore({ ...database, idBlockSize, referenceCacheSeconds });
  const reader = createStudySessionReader(database);
  const readNames = shareWhileRunning(() => readReferences(database.client, tableName));
  const gatewayOptions = {
    handler: createServiceHandler({ store, reader, allowedOrigins, writeLog }),
    ...(host !== undefined && { host }),
    port,
    allowedOrigins,
    timeoutMs: FUNCTION_TIMEOUT_SECONDS * 1000,
    findPage: createLocalPages({ readReferences: readNames, onError }),
    onAnswer: (request: AnsweredRequest) => isPoll(request) || onAnswer(request),
    onError,
  };
  try {
    await prepareTable(client, { tableName, place: options.endpoint ?? options.dataDir });
    const gateway = await startLocalGateway(gatewayOptions);
    const close = async () => {
      await gateway.close();
      await closeDatabase();
    };
    return { port: gateway.port, readReferences: readNames, close };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
};
