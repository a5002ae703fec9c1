import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TextDecoder } from "node:util";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { routeKeyOf } from "../../functions/routes.ts";
import { parseTarget } from "./request-target.ts";
import type { RouteMatch } from "./route-match.ts";

/** Encodes a body as text when it is UTF-8, and in base64 otherwise. */
const encodeBody = (body: Buffer) => {
  if (body.length === 0) return { isBase64Encoded: false };
  try {
    const text = new TextDecoder("utf-8", {
      fatal: true,
      ignoreBOM: true,
    }).decode(body);
    return { body: text, isBase64Encoded: false };
  } catch {
    return { body: body.toString("base64"), isBase64Encoded: true };
  }
};

/** Formats `Mon, 23 Nov 2026 13:02:38 GMT` as `23/Nov/2026:13:02:38 +0000`. */
const commonLogTime = (date: Date) => {
  const [, day, month, year, time] = date.toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
};

const splitCookies = (cookie: string | undefined) =>
  cookie === undefined ? {} : { cookies: cookie.split("; ") };

/** Combines headers of the same name with commas. The event lists cookies separately. */
const joinHeaders = ({ headersDistinct: { cookie: _, ...headers } }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values?.join()]));

/** Combines parameters of the same name with commas. */
export const joinQuery = (query: string) => {
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  return query === ""
    ? {}
    : {
        queryStringParameters: Object.fromEntries(
          names.map((name) => [name, parameters.getAll(name).join()]),
        ),
      };
};

/** Creates the event that API Gateway's HTTP API makes from a request for a route, in payload format 2.0. */
export const createEvent = (
  request: IncomingMessage,
  body: Buffer,
  { route, pathParameters }: RouteMatch,
): APIGatewayProxyEventV2 => {
  const { host, cookie, "user-agent": userAgent } = request.headers;
  const { path, query } = parseTarget(request.url);
  const now = new Date();
  return {
    version: "2.0",
    routeKey: routeKeyOf(route),
    rawPath: path,
    rawQueryString: query,
    ...splitCookies(cookie),
    headers: joinHeaders(request),
    ...joinQuery(query),
    ...(pathParameters && { pathParameters }),
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: host ?? "localhost",
      domainPrefix: "local",
      http: {
        method: request.method ?? "",
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: userAgent ?? "",
      },
      requestId: randomUUID(),
      routeKey: routeKeyOf(route),
      stage: "$default",
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...encodeBody(body),
  };
};

const unused = () => {
  throw new Error("Only for handlers with callbacks");
};

/** Creates the context that Lambda passes to an invocation whose time is over in `timeoutMs`. */
export const createContext = (timeoutMs: number): Context => {
  const deadline = performance.now() + timeoutMs;
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName: "local",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:local",
    memoryLimitInMB: "256",
    logGroupName: "local",
    logStreamName: "local",
    getRemainingTimeInMillis: () => deadline - performance.now(),
    done: unused,
    fail: unused,
    succeed: unused,
  };
};
