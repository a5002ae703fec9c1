import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type Address, listen } from "../listen.ts";
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

export interface GatewayOptions extends ResponseOptions, Address {
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

/** Once the server is closing, the rest of a request must arrive within this time. */
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
 * @throws Error when another program uses the port, or this machine does not have the address
 */
export const startLocalGateway = async (options: GatewayOptions) => {
  const underWay = new Map<IncomingMessage, Promise<unknown>>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    // Serving fails only when the client has gone away, so nobody waits for a response.
    const served = serve(request, response, options).catch(() => response.destroy());
    underWay.set(request, served);
    served.finally(() => underWay.delete(request));
  };
  const { port, close, closeConnections } = await listen(onRequest, options);
  return {
    port,
    close: async () => {
      const closed = close();
      await finishRequests(underWay);
      // Browsers keep connections open that they may never use.
      closeConnections();
      await closed;
    },
  };
};
