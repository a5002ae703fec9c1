import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import type { LogEntry } from "../../functions/http/request-log.ts";
import { createStudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import { createStudySessionStore } from "../../functions/sessions/study-session-store.ts";
import { createServiceHandler } from "../../lib/local/service-handler.ts";

interface Options {
  readonly allowedOrigins?: readonly string[];
  readonly idBlockSize?: number;
  /** The default is 0, so that every create reads its references. */
  readonly referenceCacheSeconds?: number;
}

/** Creates the handler as Lambda runs it, on the table of an engine at `endpoint`, and collects its log. */
export const createService = (endpoint: string, tableName: string, options: Options = {}) => {
  const { allowedOrigins = ["*"], idBlockSize = 1, referenceCacheSeconds = 0 } = options;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = DynamoDBDocumentClient.from(
    createDynamoDbClient({ endpoint, region: "us-east-1", credentials }),
  );
  const log: LogEntry[] = [];
  const handler = createServiceHandler({
    store: createStudySessionStore({ client, tableName, idBlockSize, referenceCacheSeconds }),
    reader: createStudySessionReader({ client, tableName }),
    allowedOrigins,
    writeLog: (entry) => log.push(entry),
  });
  return { client, handler, log };
};
