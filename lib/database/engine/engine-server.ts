import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { errorMessage } from "../../error-message.ts";
import type { EngineRequest, EngineResponse } from "./engine-worker.ts";

type Answer = (request: EngineRequest) => Promise<EngineResponse>;

const createError = (statusCode: number, type: string, message: string): EngineResponse => ({
  statusCode,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
});

/** Every browser sends Origin with what a page posts, so this keeps web pages away from the data. */
const PAGE_REFUSED = createError(
  403,
  "AccessDeniedException",
  "The database answers no web pages: send the request without an Origin header",
);

const answerRequest = async (request: IncomingMessage, answer: Answer) => {
  const body = await text(request);
  if (request.headers.origin !== undefined) return PAGE_REFUSED;
  const headers = Object.entries(request.headers).map(([name, value]) => [name, value && String(value)]);
  try {
    return await answer({ method: request.method ?? "", headers: Object.fromEntries(headers), body });
  } catch (error) {
    return createError(500, "InternalServerError", errorMessage(error));
  }
};

const serve = async (request: IncomingMessage, response: ServerResponse, answer: Answer) => {
  const { statusCode, headers, body } = await answerRequest(request, answer);
  response.writeHead(statusCode, headers).end(body);
};

interface Address {
  /** 0 for a free one. */
  readonly port: number;
  readonly host: string;
}

/**
 * Serves an engine over HTTP.
 * @returns the port, and a function that ends the server at once
 * @throws Error when the address can't be listened on
 */
export const startEngineServer = async (answer: Answer, { port, host }: Address) => {
  const server = createServer((request, response) => {
    // Only a client that goes away gets its request rejected: there is nobody left to answer.
    serve(request, response, answer).catch(() => response.destroy());
  });
  await once(server.listen(port, host), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
};
