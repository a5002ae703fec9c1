import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonAnswer } from "../../functions/json-answer.ts";
import { allowOrigin } from "../../functions/origins.ts";
import type { RouteHandler } from "../../functions/route-chain.ts";
import { createContext, createEvent } from "./gateway-event.ts";
import { parseTarget } from "./request-target.ts";
import { matchRoute } from "./route-match.ts";

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface AnsweredRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

export interface GatewayOptions {
  readonly handler: RouteHandler;
  /** 0 for a free one. */
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  /** The function's timeout. */
  readonly timeoutMs: number;
  /** Pages that no gateway has. Requests for them are not among those that `onAnswer` hears of. */
  readonly findPage?: (
    method: string | undefined,
    path: string,
  ) => Promise<APIGatewayProxyStructuredResultV2 | undefined>;
  readonly onAnswer: (request: AnsweredRequest) => void;
  /** Hears what the handler threw instead of answering. */
  readonly onError: (error: unknown) => void;
}

/** @returns undefined when it is larger than the gateway takes */
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

/** The gateway's own errors are not the function's: they have a `message`. */
const createGatewayError =
  ({ headers }: IncomingMessage, { allowedOrigins }: GatewayOptions) =>
  (statusCode: number, message: string) =>
    jsonAnswer(statusCode, { message }, corsHeaders(allowedOrigins, headers.origin));

/** @returns the function's answer, or the gateway's own where no function is asked or none answers */
const invokeRoute = async (request: IncomingMessage, options: GatewayOptions) => {
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

const serve = async (request: IncomingMessage, response: ServerResponse, options: GatewayOptions) => {
  const startedAt = performance.now();
  const page = await options.findPage?.(request.method, parseTarget(request.url).path);
  const { statusCode: status = 200, headers = {}, body = "" } = page ?? (await invokeRoute(request, options));
  const length = body ? { "Content-Length": Buffer.byteLength(body) } : {};
  response.writeHead(status, { ...(headers as Record<string, string>), ...length }).end(body);
  const { method = "", url = "" } = request;
  if (!page) options.onAnswer({ method, url, status, body, durationMs: performance.now() - startedAt });
  await finished(response);
};

/**
 * Starts an HTTP server on 127.0.0.1 that stands in for API Gateway: it hands the requests for a route to the
 * function's handler.
 * @returns the port, and a function that ends the server once the requests under way are answered
 * @throws Error when the port is in use
 */
export const startLocalGateway = async (options: GatewayOptions) => {
  const { port } = options;
  const underWay = new Set<Promise<unknown>>();
  const server = createServer((request, response) => {
    // Only a client that goes away gets its request rejected: there is nobody left to answer.
    const answered = serve(request, response, options).catch(() => response.destroy());
    underWay.add(answered);
    answered.finally(() => underWay.delete(answered));
  });
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (cause) {
    const isInUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    const reason = isInUse ? "is in use" : `can't be used (${cause})`;
    throw new Error(`Port ${port} ${reason}. Choose another: PORT=5001 npm start`, { cause });
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await Promise.all(underWay);
      // Browsers keep connections open on which they may never ask for anything.
      server.closeAllConnections();
    },
  };
};
