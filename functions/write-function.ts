import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "./dynamodb/dynamodb-client.ts";
import { warmUp } from "./dynamodb/warm-up.ts";
import { readEnvironment } from "./environment.ts";
import { createStudySessionRoute } from "./handlers/create-study-session.ts";
import { createJsonLog } from "./http/request-log.ts";
import { serveRoutes } from "./http/serve-routes.ts";
import { createStudySessionStore } from "./sessions/study-session-store.ts";

const { allowedOrigins, logLevel, ...storeSettings } = readEnvironment(process.env);
const { tableName } = storeSettings;
const client = DynamoDBDocumentClient.from(createDynamoDbClient());
const store = createStudySessionStore({ client, ...storeSettings });
const chainOptions = { allowedOrigins, writeLog: createJsonLog(logLevel) };

/** Lambda calls this handler for each create. */
export const handler = serveRoutes([createStudySessionRoute(store, chainOptions)], chainOptions);

/** Lambda sends no request before this promise has resolved. */
export const ready = warmUp({ client, tableName, connections: 3 });
