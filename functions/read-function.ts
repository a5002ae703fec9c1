import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "./dynamodb-client.ts";
import { readEnvironment } from "./environment.ts";
import { listStudySessions } from "./list-study-sessions.ts";
import { readStudySession } from "./read-study-session.ts";
import { createJsonLog } from "./request-log.ts";
import { serveRoutes } from "./serve-routes.ts";
import { createStudySessionReader } from "./study-session-reader.ts";
import { warmUp } from "./warm-up.ts";

const { tableName, allowedOrigins, logLevel } = readEnvironment(process.env);
const client = DynamoDBDocumentClient.from(createDynamoDbClient());
const reader = createStudySessionReader({ client, tableName });
const dependencies = { reader, allowedOrigins, writeLog: createJsonLog(logLevel) };

/** What Lambda calls to read. */
export const handler = serveRoutes<"ReadStudySessions">({
  readStudySession: readStudySession(dependencies),
  listStudySessions: listStudySessions(dependencies),
});

/** Lambda sends no request before this has resolved. */
export const ready = warmUp({ client, tableName, connections: 1 });
