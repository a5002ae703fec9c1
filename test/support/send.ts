import { once } from "node:events";
import { type Agent, type IncomingMessage, request as sendHttp } from "node:http";
import { request as sendHttps } from "node:https";
import { text } from "node:stream/consumers";
import type { RouteHandler } from "../../functions/http/route-chain.ts";
import { ROUTES } from "../../functions/routes.ts";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createRouteEvent } from "./events.ts";

export interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface HttpResponse {
  readonly status: number | undefined;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type Send = (request: Request) => Promise<HttpResponse>;

const ROUTE = ROUTES.createStudySession;

/** Sends as little as HTTP allows: no header of its own but Host, Connection and the body's length. */
export const sendOverHttp =
  (baseUrl: string, agent?: Agent): Send =>
  async ({ method = ROUTE.method, path = ROUTE.path, headers, body = "" }) => {
    const url = new URL(baseUrl + path);
    const send = url.protocol === "https:" ? sendHttps : sendHttp;
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const request = send(url, {
      method,
      headers: { ...headers, ...length },
      agent: agent ?? false,
    }).end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: response.statusCode,
      headers: Object.fromEntries(received),
      body: await text(response),
    };
  };

const encode = (body: string | Buffer) =>
  typeof body === "string"
    ? { body, isBase64Encoded: false }
    : { body: body.toString("base64"), isBase64Encoded: true };

/** @param timeoutMs - the function's whole time, of which it keeps half a second back */
export const sendToHandler =
  (handler: RouteHandler, timeoutMs = 6000): Send =>
  async ({ method = ROUTE.method, path = ROUTE.path, headers, body }) => {
    const event = createRouteEvent(method, path, { headers: { ...headers } });
    delete event.body;
    if (body !== undefined) Object.assign(event, encode(body));
    const result = await handler(event, createContext(timeoutMs));
    const received = Object.entries(result.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    return {
      status: result.statusCode,
      headers: Object.fromEntries(received),
      body: result.body ?? "",
    };
  };
