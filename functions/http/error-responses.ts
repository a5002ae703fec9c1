import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { HttpError, internalError, invalidJson } from "../http-error.ts";
import { jsonResponse } from "./json-response.ts";

const isBodyParserError = (error: Error | null | undefined) =>
  error?.cause instanceof Object &&
  "package" in error.cause &&
  error.cause.package === "@middy/http-json-body-parser";

const toHttpError = (error: Error | null | undefined) => {
  if (error instanceof HttpError) return error;
  return isBodyParserError(error) ? invalidJson(error) : internalError(error);
};

/** Turns whatever was thrown into the answer of the contract, and leaves the HttpError for the log. */
export const errorResponses = (): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> => ({
  onError: (request) => {
    const error = toHttpError(request.error);
    request.error = error;
    const headers = error.statusCode === 503 ? { "Retry-After": "1" } : {};
    request.response = jsonResponse(error.statusCode, { error: error.message }, headers);
  },
});
