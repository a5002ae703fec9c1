import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** An answer other than 201. The message is the client's to read; the cause is only for the log. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
  }
}

export const serviceBusy = (cause: unknown) => new HttpError(503, "Service is busy, try again", { cause });

export const jsonAnswer = (
  statusCode: number,
  value: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(value),
});

const isBodyParserError = (error: Error | null | undefined) =>
  error?.cause instanceof Object &&
  "package" in error.cause &&
  error.cause.package === "@middy/http-json-body-parser";

const toHttpError = (error: Error | null | undefined) => {
  if (error instanceof HttpError) return error;
  if (isBodyParserError(error))
    return new HttpError(400, "Request body is not valid JSON", {
      cause: error,
    });
  return new HttpError(500, "Internal server error", { cause: error });
};

/** Turns whatever was thrown into the answer of the contract, and leaves the HttpError for the log. */
export const errorAnswers = (): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> => ({
  onError: (request) => {
    const error = toHttpError(request.error);
    request.error = error;
    const headers = error.statusCode === 503 ? { "Retry-After": "1" } : {};
    request.response = jsonAnswer(error.statusCode, { error: error.message }, headers);
  },
});
