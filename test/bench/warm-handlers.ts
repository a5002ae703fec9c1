import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import { readEnvironment } from "../../functions/environment.ts";
import { createStudySessionRoute } from "../../functions/handlers/create-study-session.ts";
import type { LogEntry } from "../../functions/http/request-log.ts";
import { serveRoutes } from "../../functions/http/serve-routes.ts";
import { createStudySessionStore } from "../../functions/sessions/study-session-store.ts";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createEvent } from "../support/events.ts";

const RESPONSES: Readonly<Record<string, string>> = {
  GetItem: '{"Item":{"pk":{"S":"group#1"},"name":{"S":"Core Verbs"}}}',
  UpdateItem: '{"Attributes":{"last_id":{"N":"7"}}}',
  PutItem: "{}",
};

/** Cuts off the network: the SDK makes and signs its requests, and reads responses from memory. */
const respondFromMemory = ({ config }: DynamoDBDocumentClient) => {
  config.requestHandler.handle = async ({ headers }) => {
    const body = Buffer.from(RESPONSES[headers["x-amz-target"]?.split(".")[1] ?? ""] ?? "");
    return {
      response: { statusCode: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body },
    };
  };
};

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<{ readonly statusCode?: number | undefined }>;

/** Creates the bare handler and ours, from the sources, on the same SDK. */
export const createWarmHandlers = async (): Promise<Readonly<Record<"bare" | "ours", Handler>>> => {
  Object.assign(process.env, {
    TABLE_NAME: "StudySessions",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  // The SDK would take the credentials of a profile first.
  delete process.env.AWS_PROFILE;
  const bare = await import("./competitors/bare.ts");
  const ourClient = DynamoDBDocumentClient.from(createDynamoDbClient());
  for (const documents of [bare.client, ourClient]) respondFromMemory(documents);
  // With the defaults of the deployed function.
  const store = createStudySessionStore({ client: ourClient, ...readEnvironment(process.env) });
  // The line is made; writing it is the console's time.
  const options = { allowedOrigins: ["*"], writeLog: (entry: LogEntry) => JSON.stringify(entry) };
  const ours = serveRoutes([createStudySessionRoute(store, options)], options);
  return { bare: bare.handler, ours };
};

/** Invokes the handler one time after the other. @returns nanoseconds an invocation */
export const invokeRepeatedly = async (handler: Handler, times: number) => {
  const requests = Array.from({ length: times }, () => ({
    event: createEvent(),
    context: createContext(6000),
  }));
  const startedAt = process.hrtime.bigint();
  for (const { event, context } of requests) {
    const { statusCode } = await handler(event, context);
    if (statusCode !== 201) throw new Error(`Status ${statusCode}`);
  }
  return Number(process.hrtime.bigint() - startedAt) / times;
};
