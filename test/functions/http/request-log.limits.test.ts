import { expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { ROUTES } from "../../../functions/routes.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, createRouteEvent, withToken } from "../../support/events.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();

/** This is more than twice the line of a created session. */
const MAX_BYTES = 500;

/** The gateway lets in headers and a request line of this size together. */
const KB_10 = 10_240;

const LONG = "x".repeat(KB_10);
const LONG_DIGITS = "9".repeat(KB_10);
/** JSON writes six characters for each of these. */
const LONG_CONTROLS = "\u0001".repeat(KB_10);
const MANY_PARAMETERS = Array.from({ length: KB_10 / 4 }, (_, i) => `${i.toString(36)}=`).join("&");

const { path } = ROUTES.listStudySessions;

const withHeaders = (headers: Readonly<Record<string, string>>) =>
  createEvent({ headers: { "content-type": "application/json", ...headers } });

const withBody = (body: string) => createEvent({ body });

const withIds = (ids: object) => withBody(JSON.stringify({ group_id: 1, study_activity_id: 2, ...ids }));

const withMethod = (method: string, path: string) => {
  const event = createEvent();
  Object.assign(event.requestContext.http, { method, path, userAgent: LONG, protocol: LONG });
  return event;
};

const EVENTS: [sent: string, event: APIGatewayProxyEventV2][] = [
  ["an idempotency key", withHeaders({ "idempotency-key": LONG })],
  ["an idempotency key of control characters", withHeaders({ "idempotency-key": LONG_CONTROLS })],
  ["a user agent and a path", withMethod("POST", `/${LONG}`)],
  ["a method", withMethod(LONG, "/")],
  ["the path of a preflight", withMethod("OPTIONS", `/${LONG}`)],
  ["an origin", withHeaders({ origin: `https://${LONG}` })],
  ["a content type", createEvent({ headers: { "content-type": LONG } })],
  ["the name of a header", withHeaders({ [LONG]: "" })],
  ["a trace", withHeaders({ "x-amzn-trace-id": `Root=${LONG}` })],
  ["cookies", createEvent({ cookies: [LONG] })],
  ["the sub of a token", withToken(withHeaders({ "idempotency-key": "key-1" }), { sub: LONG })],
  ["the claim of a token", withToken(createEvent(), { [LONG]: LONG })],
  ["a route", createEvent({ routeKey: `GET /${LONG}` })],
  ["a raw path", createEvent({ rawPath: LONG, rawQueryString: LONG })],
  ["text that is not JSON", withBody(LONG)],
  [
    "base64 that is not UTF-8",
    createEvent({ body: Buffer.alloc(KB_10, 255).toString("base64"), isBase64Encoded: true }),
  ],
  ["a body above the limit", withBody(JSON.stringify(LONG.repeat(2)))],
  ["nested arrays", withBody("[".repeat(KB_10 / 2) + "]".repeat(KB_10 / 2))],
  ["nested objects", withBody(`${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`)],
  ["the name of a member", withIds({ [LONG]: 1 })],
  ["a forbidden member", withBody(`{"__proto__":"${LONG}"}`)],
  ["a group", withIds({ group_id: LONG })],
  ["a group of digits", withBody(`{"group_id":${LONG_DIGITS},"study_activity_id":2}`)],
  ["an activity of arrays", withIds({ study_activity_id: [LONG] })],
  ["an id", createRouteEvent("GET", `${path}/${LONG}`)],
  ["an id of digits", createRouteEvent("GET", `${path}/${LONG_DIGITS}`)],
  ["a limit", createRouteEvent("GET", `${path}?limit=${LONG}`)],
  ["a limit of digits", createRouteEvent("GET", `${path}?limit=${"0".repeat(KB_10)}5`)],
  ["a before of digits", createRouteEvent("GET", `${path}?before=${LONG_DIGITS}`)],
  ["an unknown parameter", createRouteEvent("GET", `${path}?${LONG}=${LONG}`)],
  ["an unknown parameter of control characters", createRouteEvent("GET", `${path}?${"%01".repeat(3400)}=1`)],
  ["an unknown parameter of emojis", createRouteEvent("GET", `${path}?${"%F0%9F%98%80".repeat(850)}=1`)],
  ["many unknown parameters", createRouteEvent("GET", `${path}?${MANY_PARAMETERS}`)],
  ["many limits", createRouteEvent("GET", `${path}?${"limit=1&".repeat(1000)}`)],
];

const bytesOf = (text = "") => Buffer.byteLength(text);

test.each(EVENTS)("neither the log nor the response grows with %s of 10 KB", async (_, event) => {
  const { handler, log } = startService({ allowedOrigins: ["https://portal.example"] });
  const { headers, body } = await handler(event, createContext(6000));
  const texts = [...log, headers].map((value) => JSON.stringify(value));
  expect(texts).toHaveLength(2);
  expect([...texts, body].filter((text) => bytesOf(text) > MAX_BYTES)).toEqual([]);
});
