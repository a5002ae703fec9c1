import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "./dynamodb/dynamodb-client.ts";
import { warmUp } from "./dynamodb/warm-up.ts";
import { readEnvironment } from "./environment.ts";
import { listStudySessionsRoute } from "./handlers/list-study-sessions.ts";
import { readStudySessionRoute } from "./handlers/read-study-session.ts";
import { createJsonLog } from "./http/request-log.ts";
import { serveRoutes } from "./http/serve-routes.ts";
import { createStudySessionReader } from "./sessions/study-session-reader.ts";

const { tableName, allowedOrigins, logLevel } = readEnvironment(process.env);
const client = DynamoDBDocumentClient.from(createDynamoDbClient());
const reader = createStudySessionReader({ client, tableName });
const chainOptions = { allowedOrigins, writeLog: createJsonLog(logLevel) };

/** Lambda calls this handler for each read. */
export const handler = serveRoutes(
  [readStudySessionRoute(reader, chainOptions), listStudySessionsRoute(reader, chainOptions)],
  chainOptions,
);

/** Lambda sends no request before this promise has resolved. */
export const ready = warmUp({ client, tableName, connections: 1 });
