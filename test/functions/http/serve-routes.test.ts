import { expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { LogEntry } from "../../../functions/http/request-log.ts";
import { serveRoutes } from "../../../functions/http/serve-routes.ts";
import { ROUTES } from "../../../functions/routes.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, createRouteEvent } from "../../support/events.ts";

const log: LogEntry[] = [];

const handler = serveRoutes(
  [
    { route: ROUTES.readStudySession, handler: async () => ({ statusCode: 200, body: "one" }) },
    {
      route: ROUTES.listStudySessions,
      handler: async ({ queryStringParameters }) => ({
        statusCode: 200,
        body: `page ${JSON.stringify(queryStringParameters)}`,
      }),
    },
  ],
  { allowedOrigins: ["*"], writeLog: (entry) => log.push(entry) },
);

const respond = (event: object) => handler(event as APIGatewayProxyEventV2, createContext(1000));

test.each([
  ["/api/study-sessions/7", "one"],
  ["/api/study-sessions?limit=7", 'page {"limit":"7"}'],
])("passes the event of %s, as it is, to the handler of its route", async (url, body) => {
  expect(await respond(createRouteEvent("GET", url))).toMatchObject({ body });
});

test.each([undefined, null])(
  "passes an event whose route key is %s to the first handler",
  async (routeKey) => {
    expect(await respond({ ...createEvent(), routeKey })).toMatchObject({ body: "one" });
  },
);

test.each(["$default", "POST /api/study-sessions", "", "toString"])(
  "responds with 404 to the route key %j, with CORS headers and a log entry",
  async (routeKey) => {
    expect(await respond(createEvent({ routeKey }))).toEqual({
      statusCode: 404,
      headers: expect.objectContaining({
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
      }),
      body: '{"error":"Not found"}',
    });
    expect(log.splice(0)).toMatchObject([{ level: "WARN", status: 404, error: "Not found" }]);
  },
);
