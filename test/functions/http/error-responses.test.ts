import { expect, test } from "@jest/globals";
import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorResponses } from "../../../functions/http/error-responses.ts";
import { HttpError } from "../../../functions/http-error.ts";

type Request = middy.Request<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

const answer = async (error: unknown) => {
  const request = { error } as Request;
  await errorResponses().onError?.(request);
  return request;
};

const PARSER = "@middy/http-json-body-parser";

test.each([
  [418, "teapot", new HttpError(418, "teapot")],
  [400, "Request body is not valid JSON", new Error("parser", { cause: { package: PARSER } })],
  [500, "Internal server error", new Error("parser", { cause: { package: "@middy/core" } })],
  [500, "Internal server error", new Error("no package", { cause: { name: PARSER } })],
  [500, "Internal server error", new Error("text", { cause: PARSER })],
  [500, "Internal server error", new Error("no cause")],
  [500, "Internal server error", null],
  [500, "Internal server error", undefined],
])("answers %d, %j to %o", async (statusCode, message, error) => {
  const request = await answer(error);
  expect(request.response).toEqual({
    statusCode,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ error: message }),
  });
  const logged = request.error;
  expect(logged).toBeInstanceOf(HttpError);
  expect(logged === error || logged?.cause === error).toBe(true);
  expect(logged?.name).toBe("HttpError");
});

test("asks a client to come back a second after 503", async () => {
  const { response } = await answer(new HttpError(503, "busy"));
  expect(response?.headers).toEqual({ "Content-Type": "application/json", "Retry-After": "1" });
});
