import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "./dynamodb/dynamodb-client.ts";
import { warmUp } from "./dynamodb/warm-up.ts";
import { readEnvironment } from "./environment.ts";
import { listStudySessions } from "./handlers/list-study-sessions.ts";
import { readStudySession } from "./handlers/read-study-session.ts";
import { createJsonLog } from "./http/request-log.ts";
import { serveRoutes } from "./http/serve-routes.ts";
import { createStudySessionReader } from "./sessions/study-session-reader.ts";

const { tableName, allowedOrigins, logLevel } = readEnvironment(process.env);
const client = DynamoDBDocumentClient.from(createDynamoDbClient());
const reader = createStudySessionReader({ client, tableName });
const dependencies = { reader, allowedOrigins, writeLog: createJsonLog(logLevel) };

/** What Lambda calls to read. */
export const handler = serveRoutes<"read">({
  readStudySession: readStudySession(dependencies),
  listStudySessions: listStudySessions(dependencies),
});

/** Lambda sends no request before this has resolved. */
export const ready = warmUp({ client, tableName, connections: 1 });
