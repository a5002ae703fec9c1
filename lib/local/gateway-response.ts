import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonResponse } from "../../functions/http/json-response.ts";
import { allowOrigin } from "../../functions/http/origins.ts";
import type { RouteHandler } from "../../functions/http/route-chain.ts";
import { createContext, createEvent } from "./gateway-event.ts";
import { checkHost } from "./host-check.ts";
import { parseTarget } from "./request-target.ts";
import { matchRoute } from "./route-match.ts";

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface ResponseOptions {
  readonly handler: RouteHandler;
  /** The address that the gateway listens on. If it is left out, only this machine reaches the gateway. */
  readonly host?: string | undefined;
  readonly allowedOrigins: readonly string[];
  /** The function's timeout. */
  readonly timeoutMs: number;
  /** Called with the error when the handler throws instead of responding. */
  readonly onError: (error: unknown) => void;
}

/** @returns undefined when the body is larger than the gateway accepts */
const readBody = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
};

const corsHeaders = (allowedOrigins: readonly string[], origin: string | undefined) => {
  const allowedOrigin = allowOrigin(allowedOrigins, origin);
  return {
    ...(allowedOrigin && { "Access-Control-Allow-Origin": allowedOrigin }),
    ...(allowedOrigins.includes("*") ? {} : { Vary: "Origin" }),
  };
};

/** The gateway's own errors have a `message`, where those of the functions have an `error`. */
const createGatewayError =
  ({ headers }: IncomingMessage, { allowedOrigins }: ResponseOptions) =>
  (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 =>
    jsonResponse(statusCode, { message }, corsHeaders(allowedOrigins, headers.origin));

/** @returns the response to a request whose host name is unknown, or undefined when the request is fine */
export const refuseHost = (request: IncomingMessage, options: ResponseOptions) => {
  const error = checkHost(request.headers.host, options);
  return error === undefined ? undefined : createGatewayError(request, options)(403, error);
};

/** @returns the function's response, or the gateway's own when there is no route or the function fails */
export const invokeRoute = async (request: IncomingMessage, options: ResponseOptions) => {
  const { handler, timeoutMs, onError } = options;
  const gatewayError = createGatewayError(request, options);
  const body = await readBody(request);
  const match = matchRoute(request.method, parseTarget(request.url).path);
  if (!match) return gatewayError(404, "Not Found");
  if (!body) return gatewayError(413, "Request Entity Too Large");
  try {
    return await handler(createEvent(request, body, match), createContext(timeoutMs));
  } catch (error) {
    onError(error);
    return gatewayError(500, "Internal Server Error");
  }
};
