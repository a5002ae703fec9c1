import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createStudySession } from "./create-study-session.ts";
import { createDynamoDbClient } from "./dynamodb-client.ts";
import { readEnvironment } from "./environment.ts";
import { createJsonLog } from "./request-log.ts";
import { serveRoutes } from "./serve-routes.ts";
import { createStudySessionStore } from "./study-session-store.ts";

const { allowedOrigins, logLevel, ...storeSettings } = readEnvironment(process.env);
const client = DynamoDBDocumentClient.from(createDynamoDbClient());
const store = createStudySessionStore({ client, ...storeSettings });

// While a function initialises it has whole processors, afterwards the share that its memory buys.
store.warmUp();

/** What Lambda calls to record. */
export const handler = serveRoutes<"CreateStudySession">({
  createStudySession: createStudySession({ store, allowedOrigins, writeLog: createJsonLog(logLevel) }),
});
