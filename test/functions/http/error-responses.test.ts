import { expect, test } from "@jest/globals";
import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorResponses } from "../../../functions/http/error-responses.ts";
import { type LogEntry, type LoggedContext, startRequestLog } from "../../../functions/http/request-log.ts";
import { HttpError } from "../../../functions/http-error.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";

type Request = middy.Request<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, LoggedContext>;

const respond = async (error: unknown) => {
  const entries: LogEntry[] = [];
  const log = startRequestLog((entry) => entries.push(entry), "r-1");
  const request = { error, context: { ...createContext(1000), log } } as Request;
  await errorResponses().onError?.(request);
  log.end(request.response?.statusCode);
  return { response: request.response, entry: entries[0] };
};

const PARSER = "@middy/http-json-body-parser";

test.each([
  [418, "teapot", new HttpError(418, "teapot", { cause: new Error("hidden") }), undefined],
  [400, "Request body is not valid JSON", new Error("parser", { cause: { package: PARSER } }), undefined],
  [500, "no", new HttpError(500, "no", { cause: new Error("hidden") }), /^Error: hidden\n/],
  [
    500,
    "Internal server error",
    new Error("parser", { cause: { package: "@middy/core" } }),
    /^Error: parser\n/,
  ],
  [
    500,
    "Internal server error",
    new Error("no package", { cause: { name: PARSER } }),
    /^Error: no package\n/,
  ],
  [500, "Internal server error", new Error("text", { cause: PARSER }), /^Error: text\n/],
  [500, "Internal server error", new Error("no cause"), /^Error: no cause\n/],
  [500, "Internal server error", null, /^null$/],
  [500, "Internal server error", undefined, /^undefined$/],
])("responds with %d, %j to %o, and logs the cause of a 5xx", async (statusCode, message, error, cause) => {
  const { response, entry } = await respond(error);
  expect(response).toEqual({
    statusCode,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ error: message }),
  });
  expect(entry).toMatchObject({ status: statusCode, error: message });
  expect(entry?.cause).toEqual(cause && expect.stringMatching(cause));
});

test("asks a client to retry a second after 503", async () => {
  const { response } = await respond(new HttpError(503, "busy"));
  expect(response?.headers).toEqual({ "Content-Type": "application/json", "Retry-After": "1" });
});
