import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorMessage } from "../error-message.ts";
import { type AnswerOptions, invokeRoute, refuseHost } from "./gateway-answer.ts";
import { parseTarget } from "./request-target.ts";

export interface AnsweredRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

export interface GatewayOptions extends AnswerOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Pages that no gateway has. Requests for them are not among those that `onAnswer` hears of. */
  readonly findPage?: (
    method: string | undefined,
    path: string,
  ) => Promise<APIGatewayProxyStructuredResultV2 | undefined>;
  readonly onAnswer: (request: AnsweredRequest) => void;
}

const serve = async (request: IncomingMessage, response: ServerResponse, options: GatewayOptions) => {
  const startedAt = performance.now();
  const refusal = refuseHost(request, options);
  const page = refusal ? undefined : await options.findPage?.(request.method, parseTarget(request.url).path);
  const answer = refusal ?? page ?? (await invokeRoute(request, options));
  const { statusCode: status = 200, headers = {}, body = "" } = answer;
  const length = body ? { "Content-Length": Buffer.byteLength(body) } : {};
  response.writeHead(status, { ...(headers as Record<string, string>), ...length }).end(body);
  const { method = "", url = "", headers: requestHeaders } = request;
  const durationMs = performance.now() - startedAt;
  if (!page) options.onAnswer({ method, url, headers: requestHeaders, status, body, durationMs });
  await finished(response);
};

const createListenError = (cause: unknown, host: string, port: number) => {
  const isInUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const message = isInUse
    ? `Port ${port} is in use. Choose another: PORT=5001 npm start`
    : `The service can't listen on ${host}: ${errorMessage(cause)}. Choose another address with HOST`;
  return new Error(message, { cause });
};

/** How long the rest of a request may take to arrive when the server ends. */
const REST_OF_REQUEST_MS = 1000;

/** Resolves when the requests are answered. Gives up those that do not arrive. */
const finishRequests = async (underWay: ReadonlyMap<IncomingMessage, Promise<unknown>>) => {
  const cutOff = () => {
    for (const request of underWay.keys()) if (!request.complete) request.destroy();
  };
  const timer = setTimeout(cutOff, REST_OF_REQUEST_MS);
  await Promise.all(underWay.values());
  clearTimeout(timer);
};

/**
 * Starts an HTTP server that stands in for API Gateway: it hands the requests for a route to the function's handler.
 * @returns the port, and a function that ends the server once the requests under way are answered
 * @throws Error when the port is in use or the address is not one of this machine
 */
export const startLocalGateway = async (options: GatewayOptions) => {
  const { host = "127.0.0.1", port } = options;
  const underWay = new Map<IncomingMessage, Promise<unknown>>();
  const server = createServer((request, response) => {
    // Only a client that goes away gets its request rejected: there is nobody left to answer.
    const answered = serve(request, response, options).catch(() => response.destroy());
    underWay.set(request, answered);
    answered.finally(() => underWay.delete(request));
  });
  try {
    await once(server.listen(port, host), "listening");
  } catch (cause) {
    throw createListenError(cause, host, port);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await finishRequests(underWay);
      // Browsers keep connections open on which they may never ask for anything.
      server.closeAllConnections();
    },
  };
};
