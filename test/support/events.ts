import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { ROUTES, routeKeyOf } from "../../functions/routes.ts";

export const VALID = { group_id: 1, study_activity_id: 2 } as const;

const ROUTE = ROUTES.createStudySession;
const ROUTE_KEY = routeKeyOf(ROUTE);

/** A complete event of a valid request, with `changes` instead of what it has. */
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
