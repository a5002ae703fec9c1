import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorMessage } from "../error-message.ts";
import { invokeRoute, type ResponseOptions, refuseHost } from "./gateway-response.ts";
import { parseTarget } from "./request-target.ts";

export interface ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

export interface GatewayOptions extends ResponseOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Finds pages that no real gateway has. `onResponse` is not called for them. */
  readonly findPage?: (
    method: string | undefined,
    path: string,
  ) => Promise<APIGatewayProxyStructuredResultV2 | undefined>;
  /** Called for each request when its response has been written. */
  readonly onResponse: (request: ServedRequest) => void;
}

const serve = async (request: IncomingMessage, serverResponse: ServerResponse, options: GatewayOptions) => {
  const startedAt = performance.now();
  const refusal = refuseHost(request, options);
  const page = refusal ? undefined : await options.findPage?.(request.method, parseTarget(request.url).path);
  const response = refusal ?? page ?? (await invokeRoute(request, options));
  const { statusCode: status = 200, headers = {}, body = "" } = response;
  const length = body ? { "Content-Length": Buffer.byteLength(body) } : {};
  serverResponse.writeHead(status, { ...(headers as Record<string, string>), ...length }).end(body);
  const { method = "", url = "", headers: requestHeaders } = request;
  const durationMs = performance.now() - startedAt;
  if (!page) options.onResponse({ method, url, headers: requestHeaders, status, body, durationMs });
  await finished(serverResponse);
};

const createListenError = (cause: unknown, host: string, port: number) => {
  const isInUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const message = isInUse
    ? `Port ${port} is in use. Choose another: PORT=5001 npm start`
    : `The service can't listen on ${host}: ${errorMessage(cause)}. Choose another address with HOST`;
  return new Error(message, { cause });
};

/** How long the rest of a request may take to arrive once the server is closing. */
const REST_OF_REQUEST_MS = 1000;

/** Resolves when all requests have their responses. Cuts off requests that do not arrive completely. */
const finishRequests = async (underWay: ReadonlyMap<IncomingMessage, Promise<unknown>>) => {
  const cutOff = () => {
    for (const request of underWay.keys()) if (!request.complete) request.destroy();
  };
  const timer = setTimeout(cutOff, REST_OF_REQUEST_MS);
  await Promise.all(underWay.values());
  clearTimeout(timer);
};

/**
 * Starts an HTTP server that stands in for API Gateway: it passes the requests for a route to the function's handler.
 * @returns the port, and a function that closes the server once the requests under way have their responses
 * @throws Error when the port is in use or the address is not one of this machine
 */
export const startLocalGateway = async (options: GatewayOptions) => {
  const { host = "127.0.0.1", port } = options;
  const underWay = new Map<IncomingMessage, Promise<unknown>>();
  const server = createServer((request, response) => {
    // Serving fails only when the client has gone away, so nobody waits for a response.
    const served = serve(request, response, options).catch(() => response.destroy());
    underWay.set(request, served);
    served.finally(() => underWay.delete(request));
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
      // Browsers keep connections open that they may never use.
      server.closeAllConnections();
    },
  };
};
