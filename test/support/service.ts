import type { LogEntry } from "../../functions/http/request-log.ts";
import { createStudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import { createStudySessionStore } from "../../functions/sessions/study-session-store.ts";
import { createServiceHandler } from "../../lib/local/service-handler.ts";
import { connectToTable, type TestTable } from "./test-table.ts";

interface Options {
  readonly allowedOrigins?: readonly string[];
  readonly idBlockSize?: number;
  /** The default is 0, so that every create reads its references. */
  readonly referenceCacheSeconds?: number;
}

/** Creates the handler as Lambda runs it, on the table of an engine at `endpoint`, and collects its log. */
export const createService = (endpoint: string, tableName: string, options?: Options) =>
  createServiceOf({ endpoint, tableName }, options);

/** Creates the handler on this table, which it reaches without HTTP if the table's engine is in this process. */
export const createServiceOf = (table: Omit<TestTable, "client">, options?: Options) =>
  createServiceWith({ client: connectToTable(table), tableName: table.tableName }, options);

/** Creates the handler with a client that others may use too. */
export const createServiceWith = (
  { client, tableName }: Pick<TestTable, "client" | "tableName">,
  options: Options = {},
) => {
  const { allowedOrigins = ["*"], idBlockSize = 1, referenceCacheSeconds = 0 } = options;
  const log: LogEntry[] = [];
  const handler = createServiceHandler({
    store: createStudySessionStore({ client, tableName, idBlockSize, referenceCacheSeconds }),
    reader: createStudySessionReader({ client, tableName }),
    allowedOrigins,
    writeLog: (entry) => log.push(entry),
  });
  return { client, handler, log };
};
