import { expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { serveRoutes } from "../../../functions/http/serve-routes.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, createRouteEvent } from "../../support/events.ts";

const handler = serveRoutes<"read">({
  readStudySession: async () => ({ statusCode: 200, body: "one" }),
  listStudySessions: async ({ queryStringParameters }) => ({
    statusCode: 200,
    body: `page ${JSON.stringify(queryStringParameters)}`,
  }),
});

const bodyOf = async (event: APIGatewayProxyEventV2) => (await handler(event, createContext(1000))).body;

test("hands an event, as it is, to the handler of its route", async () => {
  expect(await bodyOf(createRouteEvent("GET", "/api/study-sessions/7"))).toBe("one");
  expect(await bodyOf(createRouteEvent("GET", "/api/study-sessions?limit=7"))).toBe('page {"limit":"7"}');
});

test("hands an event without a known route to the first handler", async () => {
  expect(await bodyOf(createEvent({ routeKey: "$default" }))).toBe("one");
  const { routeKey: _, ...event } = createEvent();
  expect(await bodyOf(event as APIGatewayProxyEventV2)).toBe("one");
});
