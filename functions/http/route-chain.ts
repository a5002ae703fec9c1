import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { cors } from "./cors.ts";
import { deadline } from "./deadline.ts";
import { errorResponses } from "./error-responses.ts";
import { type LoggedContext, startRequestLog, type WriteLog } from "./request-log.ts";

export interface ChainOptions {
  readonly allowedOrigins: readonly string[];
  readonly writeLog: WriteLog;
}

/** Takes events of API Gateway's payload format 2.0. */
export type RouteHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

interface Chain extends ChainOptions {
  /** The middleware that only this route needs. */
  readonly middleware?: middy.MiddlewareObj<APIGatewayProxyEventV2>[];
  readonly handle: (
    event: APIGatewayProxyEventV2,
    context: LoggedContext,
    options: { readonly signal: AbortSignal },
  ) => Promise<APIGatewayProxyStructuredResultV2>;
}

/** Puts in front of a route's handler what all routes share: the log, the deadline, CORS and the error responses. */
export const routeChain = ({ allowedOrigins, writeLog, middleware = [], handle }: Chain): RouteHandler => {
  const chain = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, LoggedContext>(
    deadline,
  )
    .use(cors(allowedOrigins))
    .use(errorResponses())
    .use(middleware)
    .handler(handle);
  return async (event, context) => {
    const log = startRequestLog(writeLog, context.awsRequestId);
    const response = await chain(event, { ...context, log });
    log.end(response.statusCode);
    return response;
  };
};
