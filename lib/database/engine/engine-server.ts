import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { errorMessage } from "../../error-message.ts";
import { type Address, listen } from "../../listen.ts";
import type { EngineRequest, EngineResponse } from "./engine-worker.ts";

export type Respond = (request: EngineRequest) => Promise<EngineResponse>;

const createError = (statusCode: number, type: string, message: string): EngineResponse => ({
  statusCode,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
});

/** Browsers send Origin with each POST of a page, so this keeps web pages away from the data. */
const PAGE_REFUSED = createError(
  403,
  "AccessDeniedException",
  "The database serves no web pages: send the request without an Origin header",
);

const respondTo = async (request: IncomingMessage, respond: Respond) => {
  const body = await text(request);
  if (request.headers.origin !== undefined) return PAGE_REFUSED;
  const headers = Object.entries(request.headers).map(([name, value]) => [name, value && String(value)]);
  try {
    return await respond({ method: request.method ?? "", headers: Object.fromEntries(headers), body });
  } catch (error) {
    return createError(500, "InternalServerError", errorMessage(error));
  }
};

/** Forwards a request to the engine, and sends the engine's response. */
export const serve = async (request: IncomingMessage, response: ServerResponse, respond: Respond) => {
  const { statusCode, headers, body } = await respondTo(request, respond);
  response.writeHead(statusCode, headers).end(body);
};

/**
 * Serves an engine over HTTP.
 * @returns the port, and a function that ends the server at once
 * @throws Error when the server can't listen on the address
 */
export const startEngineServer = async (respond: Respond, address: Address) => {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    // Serving fails only when the client has gone away, so nobody waits for a response.
    serve(request, response, respond).catch(() => response.destroy());
  };
  const { port, close, closeConnections } = await listen(onRequest, address);
  return {
    port,
    close: async () => {
      const closed = close();
      closeConnections();
      await closed;
    },
  };
};
