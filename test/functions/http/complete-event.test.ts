import { beforeAll, expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, createRouteEvent, withToken } from "../../support/events.ts";
import { readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

let service: ReturnType<typeof startService>;

const respond = (event: object | null | undefined) =>
  service.handler(event as APIGatewayProxyEventV2, createContext(6000));

beforeAll(async () => {
  service = startService();
  await respond(createEvent());
});

const without = (event: object, name: string) => {
  const { [name]: _, ...others } = { ...event } as Record<string, unknown>;
  return others;
};

const CREATE = createEvent();
const READ = createRouteEvent("GET", "/api/study-sessions/1");
const LIST = createRouteEvent("GET", "/api/study-sessions?before=2");

test.each([
  ["a create", "body", 400, CREATE],
  ["a create", "headers", 415, CREATE],
  ["a create", "requestContext", 201, CREATE],
  ["a create", "routeKey", 201, CREATE],
  ["a create", "version", 201, CREATE],
  ["a create", "queryStringParameters", 201, CREATE],
  ["a create", "pathParameters", 201, CREATE],
  ["a create", "cookies", 201, CREATE],
  ["a read", "pathParameters", 400, READ],
  ["a read", "headers", 200, READ],
  ["a read", "body", 200, READ],
  ["a list", "queryStringParameters", 200, LIST],
  ["a list", "pathParameters", 200, LIST],
  ["a list", "requestContext", 200, LIST],
])("responds to %s without %s or with null there by %d", async (_, name, statusCode, event) => {
  for (const changed of [{ ...event, [name]: null }, without(event, name)]) {
    const headers = { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" };
    expect(await respond(changed)).toMatchObject({ statusCode, headers });
  }
});

test.each([
  ["a parameter of the query", { ...LIST, queryStringParameters: { limit: null, before: "2" } }, 200],
  ["the id in the path", { ...READ, pathParameters: { id: null } }, 400],
  ["the type of the body", { ...CREATE, headers: { "content-type": null } }, 415],
  ["the method", { ...CREATE, requestContext: { http: { method: null } } }, 201],
  ["the part of the context about HTTP", { ...CREATE, requestContext: { http: null } }, 201],
  ["the authorizer", { ...CREATE, requestContext: { ...CREATE.requestContext, authorizer: null } }, 201],
])("takes %s for absent when it is null", async (_, event, statusCode) => {
  expect(await respond(event)).toMatchObject({ statusCode });
});

test("responds to no event as to an event without members", async () => {
  const expected = await respond({});
  expect(expected).toMatchObject({ statusCode: 415 });
  for (const event of [null, undefined]) expect(await respond(event)).toEqual(expected);
});

test("takes a key that is null for no key", async () => {
  const headers = { ...CREATE.headers, "idempotency-key": null };
  const [first, second] = [await respond({ ...CREATE, headers }), await respond({ ...CREATE, headers })];
  expect(first).toMatchObject({ statusCode: 201 });
  expect(second.body).not.toBe(first.body);
});

test("keeps the owner of a key when the context has a token but nothing about HTTP", async () => {
  const headers = { ...CREATE.headers, "idempotency-key": "key-of-a-user" };
  const { requestContext } = withToken(CREATE, { sub: "user-1" });
  const responses = [requestContext, without(requestContext, "http")].map((context) =>
    respond({ ...CREATE, headers, requestContext: context }),
  );
  const [first, second] = (await Promise.all(responses)).map(({ body }) => JSON.parse(body ?? ""));
  expect(second).toEqual(first);
  expect(await readItem(table, `study_session#${first.id}`)).toMatchObject(first);
});

test("responds with 500 to an event that no gateway makes, and logs why", async () => {
  const { handler, log } = startService();
  const event = Object.assign(createEvent(), { body: { group_id: 1 } });
  const response = await handler(event as unknown as APIGatewayProxyEventV2, createContext(6000));
  expect(response).toMatchObject({ statusCode: 500, body: '{"error":"Internal server error"}' });
  expect(log).toMatchObject([{ level: "ERROR", status: 500, cause: expect.stringContaining("TypeError") }]);
});
