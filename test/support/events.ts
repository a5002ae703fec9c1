import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { ROUTES, routeKeyOf } from "../../functions/routes.ts";
import { joinQuery } from "../../lib/local/gateway-event.ts";
import { parseTarget } from "../../lib/local/request-target.ts";
import { matchRoute } from "../../lib/local/route-match.ts";

export const VALID = { group_id: 1, study_activity_id: 2 } as const;

const ROUTE = ROUTES.createStudySession;
const ROUTE_KEY = routeKeyOf(ROUTE);

/** Makes the complete event of a valid request, with `changes`. */
export const createEvent = (changes: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 => ({
  version: "2.0",
  routeKey: ROUTE_KEY,
  rawPath: ROUTE.path,
  rawQueryString: "",
  headers: { "content-type": "application/json" },
  requestContext: {
    accountId: "123456789012",
    apiId: "abcdefghij",
    domainName: "abcdefghij.execute-api.eu-central-1.amazonaws.com",
    domainPrefix: "abcdefghij",
    http: {
      method: ROUTE.method,
      path: ROUTE.path,
      protocol: "HTTP/1.1",
      sourceIp: "192.0.2.1",
      userAgent: "test",
    },
    requestId: "JKJaXmPLvHcESHA=",
    routeKey: ROUTE_KEY,
    stage: "$default",
    time: "20/Feb/2025:12:00:00 +0000",
    timeEpoch: 1740052800000,
  },
  body: JSON.stringify(VALID),
  isBase64Encoded: false,
  ...changes,
});

/** Adds a token to an event, as if the gateway had checked it. */
export const withToken = (event: APIGatewayProxyEventV2, claims: Readonly<Record<string, string>>) => {
  const checked = { iss: "https://login.portal.example/", aud: "portal", exp: "1740056400", ...claims };
  const authorizer = { jwt: { claims: checked, scopes: null } };
  return { ...event, requestContext: { ...event.requestContext, authorizer } };
};

/**
 * Makes the event of a request for a route.
 * @param url - the path, and the query if there is one
 */
export const createRouteEvent = (
  method: string,
  url: string,
  changes: Partial<APIGatewayProxyEventV2> = {},
): APIGatewayProxyEventV2 => {
  const { path, query } = parseTarget(url);
  const match = matchRoute(method, path);
  if (!match) throw new Error(`The service has no route for ${method} ${path}`);
  const { route, pathParameters } = match;
  const target = { rawPath: path, rawQueryString: query, ...joinQuery(query) };
  const event = createEvent({ routeKey: routeKeyOf(route), ...target, ...changes });
  Object.assign(event.requestContext.http, { method, path });
  return { ...event, ...(pathParameters && { pathParameters }) };
};
