import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { cors } from "./cors.ts";
import { deadline } from "./deadline.ts";
import { errorResponses } from "./error-responses.ts";
import { requestLog, type WriteLog } from "./request-log.ts";

export interface ChainOptions {
  readonly allowedOrigins: readonly string[];
  readonly writeLog: WriteLog;
}

/** Takes events of API Gateway's payload format 2.0. */
export type RouteHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Events written by hand may lack what the gateway always sends and the CORS middleware can't do without. */
const completeEvent: middy.MiddlewareObj<APIGatewayProxyEventV2> = {
  before: ({ event }) => {
    if (event.requestContext?.http) return;
    Object.assign(event, { requestContext: { http: { method: "" } } });
  },
};

/** What all routes share. A route adds the middleware that only it needs, and its handler. */
export const routeChain = ({ allowedOrigins, writeLog }: ChainOptions) =>
  middy({ ...deadline, ...requestLog(writeLog) })
    .use(completeEvent)
    .use(cors(allowedOrigins))
    .use(errorResponses());
