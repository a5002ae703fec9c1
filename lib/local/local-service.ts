import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Environment } from "../../functions/environment.ts";
import { FUNCTION_TIMEOUT_SECONDS } from "../../functions/http/deadline.ts";
import type { WriteLog } from "../../functions/http/request-log.ts";
import { createStudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import {
  createStudySessionStore,
  type StudySessionStore,
} from "../../functions/sessions/study-session-store.ts";
import { openEmbeddedDatabase } from "../database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../database/local-table.ts";
import { readReferences } from "../database/stored-references.ts";
import { type GatewayOptions, type ServedRequest, startLocalGateway } from "./local-gateway.ts";
import { createLocalPages } from "./local-pages.ts";
import { createServiceHandler } from "./service-handler.ts";

interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

interface OpenStore {
  readonly store: StudySessionStore;
  /** Called when the last request has its response, while the table can still be used. */
  readonly close: () => Promise<void>;
}

export interface ServiceOptions extends Environment, Pick<GatewayOptions, "host" | "port" | "onError"> {
  /** Called for every request, except those for pages and the page's own polls that succeed. */
  readonly onResponse: GatewayOptions["onResponse"];
  /** The folder where the embedded engine keeps its data. */
  readonly dataDir: string;
  /** The URL of another engine, which replaces the embedded one. */
  readonly endpoint: string | undefined;
  readonly writeLog: WriteLog;
  /** If true, which is the default, a new table gets samples of groups and study activities. */
  readonly hasSamples?: boolean;
  /** Opens the store that creates the sessions, before the service responds to requests. */
  readonly openStore?: (table: Table) => Promise<OpenStore>;
  /** Called with the reason when the embedded engine has ended for good. */
  readonly onEngineEnd?: (reason: Error) => void;
}

const startEngine = async ({ endpoint, dataDir, onEngineEnd: onEnd }: ServiceOptions) =>
  endpoint
    ? { endpoint, requestHandler: undefined, close: async () => {} }
    : openEmbeddedDatabase({ dataDir, ...(onEnd && { onEnd }) });

/** @returns a function whose calls share one run of `read` for as long as the run takes */
const shareWhileRunning = <T>(read: () => Promise<T>) => {
  let running: Promise<T> | undefined;
  return () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
};

/** The page at / polls for new sessions every two seconds, and marks these requests with a header. */
const isPoll = ({ headers, status }: ServedRequest) => headers["x-poll"] !== undefined && status < 400;

const openOwnStore = async (
  { idBlockSize, referenceCacheSeconds }: ServiceOptions,
  table: Table,
): Promise<OpenStore> => ({
  store: createStudySessionStore({ ...table, idBlockSize, referenceCacheSeconds }),
  close: async () => {},
});

/** Serves a table that is ready. */
const serveTable = async (options: ServiceOptions, table: Table) => {
  const { allowedOrigins, writeLog, host, port, onResponse, onError, openStore } = options;
  const { store, close: closeStore } = await (openStore?.(table) ?? openOwnStore(options, table));
  const reader = createStudySessionReader(table);
  const readNames = shareWhileRunning(() => readReferences(table.client, table.tableName));
  const gateway = await startLocalGateway({
    handler: createServiceHandler({ store, reader, allowedOrigins, writeLog }),
    host,
    port,
    allowedOrigins,
    timeoutMs: FUNCTION_TIMEOUT_SECONDS * 1000,
    findPage: createLocalPages({ readReferences: readNames, onError }),
    onResponse: (request: ServedRequest) => isPoll(request) || onResponse(request),
    onError,
  }).catch(async (error) => {
    await closeStore();
    throw error;
  });
  const close = async () => {
    await gateway.close();
    await closeStore();
  };
  return { port: gateway.port, readReferences: readNames, close };
};

/**
 * Starts the whole service on this machine: a stand-in for the gateway, the function's handler, a table with reference
 * data, and pages to try it with.
 * @returns the port that the service listens on, a function that reads the groups and study activities of the table,
 *   and one that ends the service when the requests under way have their responses
 * @throws Error when the port or the folder is in use, the other engine does not respond, or the store can't be
 *   opened
 */
export const startLocalService = async (options: ServiceOptions) => {
  const engine = await startEngine(options);
  const client = connectToEngine(engine.endpoint, engine.requestHandler);
  const closeDatabase = async () => {
    client.destroy();
    await engine.close();
  };
  const { tableName, hasSamples = true } = options;
  try {
    const place = options.endpoint ?? options.dataDir;
    await prepareTable(client, { tableName, place, hasSamples });
    const service = await serveTable(options, { client: DynamoDBDocumentClient.from(client), tableName });
    const close = async () => {
      await service.close();
      await closeDatabase();
    };
    return { ...service, close };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
};
