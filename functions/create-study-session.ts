import middy from "@middy/core";
import httpCors from "@middy/http-cors";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { errorAnswers, jsonAnswer, serviceBusy } from "./http-answer.ts";
import { allowOrigin, CORS, ROUTE } from "./http-api.ts";
import { parseIdempotencyKey } from "./idempotency-key.ts";
import { requestBody } from "./request-body.ts";
import { readHeader } from "./request-header.ts";
import { requestLog, type WriteLog } from "./request-log.ts";
import { parseStudySessionRequest } from "./study-session.ts";
import type { StudySessionStore } from "./study-session-store.ts";

export interface Dependencies {
  readonly store: StudySessionStore;
  readonly allowedOrigins: readonly string[];
  readonly writeLog: WriteLog;
}

/** The answer leaves before Lambda's timeout, and aborts the signal of what it did not wait for. */
const deadline = {
  timeoutEarlyInMillis: 500,
  timeoutEarlyResponse: () => {
    throw serviceBusy(new Error("The time of the function was over"));
  },
};

/** Events written by hand may lack what the gateway always sends and the CORS middleware can't do without. */
const completeEvent: middy.MiddlewareObj<APIGatewayProxyEventV2> = {
  before: ({ event }) => {
    if (event.requestContext?.http) return;
    Object.assign(event, { requestContext: { http: { method: ROUTE.method } } });
  },
};

const cors = (allowedOrigins: readonly string[]) =>
  httpCors({
    disableBeforePreflightResponse: false,
    getOrigin: (origin) => allowOrigin(allowedOrigins, origin),
    methods: CORS.methods.join(),
    headers: CORS.requestHeaders.join(),
    exposeHeaders: CORS.exposedHeaders.join(),
    maxAge: CORS.maxAgeSeconds,
    ...(allowedOrigins.includes("*") ? {} : { vary: "Origin" }),
  });

const createStudySession =
  (store: StudySessionStore) =>
  async (event: APIGatewayProxyEventV2, _context: Context, { signal }: { signal: AbortSignal }) => {
    const request = parseStudySessionRequest(event.body);
    const idempotencyKey = parseIdempotencyKey(readHeader(event, "idempotency-key"));
    const { session, isReplay } = await store.create(request, idempotencyKey, signal);
    return jsonAnswer(201, session, isReplay ? { "Idempotent-Replayed": "true" } : {});
  };

/** The whole of `POST /api/study-sessions`, for events in API Gateway's payload format 2.0. */
export const createHandler = ({ store, allowedOrigins, writeLog }: Dependencies) =>
  middy({ ...deadline, ...requestLog(writeLog) })
    .use(completeEvent)
    .use(cors(allowedOrigins))
    .use(errorAnswers())
    .use(requestBody())
    .handler(createStudySession(store));
