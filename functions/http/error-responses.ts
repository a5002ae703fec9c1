import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { HttpError, internalError, invalidJson } from "../http-error.ts";
import { jsonResponse } from "./json-response.ts";
import { describeCause, type LoggedContext } from "./request-log.ts";

const isBodyParserError = (error: Error | null | undefined) =>
  error?.cause instanceof Object &&
  "package" in error.cause &&
  error.cause.package === "@middy/http-json-body-parser";

const toHttpError = (error: Error | null | undefined) => {
  if (error instanceof HttpError) return error;
  return isBodyParserError(error) ? invalidJson(error) : internalError(error);
};

/** Turns every thrown value into an error response, and adds the error to the log of the request. */
export const errorResponses = (): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  LoggedContext
> => ({
  onError: (request) => {
    const { statusCode, message, cause } = toHttpError(request.error);
    request.context.log.add({ error: message, ...(statusCode >= 500 && { cause: describeCause(cause) }) });
    const headers = statusCode === 503 ? { "Retry-After": "1" } : {};
    request.response = jsonResponse(statusCode, { error: message }, headers);
  },
});
