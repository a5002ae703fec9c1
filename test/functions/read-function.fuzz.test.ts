import { beforeAll, expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";
import { createContext } from "../../lib/local/gateway-event.ts";
import { anyText } from "../support/any-text.ts";
import { createRouteEvent } from "../support/events.ts";
import { withNulls } from "../support/null-members.ts";
import { setCounter, storeSessions } from "../support/stored-sessions.ts";
import { useTable } from "../support/use-table.ts";

const { table, startService } = useTable({ hasOwnEngine: true });

beforeAll(async () => {
  await storeSessions(table, [1, 2, 3]);
  await setCounter(table, 3);
});

const ERRORS: Readonly<Record<number, RegExp>> = {
  400: /^(id must be a positive integer|(limit must be an integer from 1 to 100|before must be a positive integer|Unknown parameter: .*)(; .*)?)$/s,
  404: /^Study session not found$/,
};

/** Sends events, and checks that each response is in the contract and that a 400 makes no call. */
const createExpectation = () => {
  const { handler, calls } = startService();
  return async (event: APIGatewayProxyEventV2) => {
    calls.length = 0;
    const { statusCode = 0, headers, body = "" } = await handler(event, createContext(6000));
    expect(headers).toMatchObject({ "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
    const { error, ...members } = JSON.parse(body);
    if (statusCode === 400) expect(calls).toEqual([]);
    if (statusCode === 200) return;
    expect(members).toEqual({});
    expect(error).toMatch(ERRORS[statusCode] ?? /^not in the contract$/);
  };
};

const number = fc.oneof(fc.integer({ min: -2, max: 120 }), fc.maxSafeNat(), fc.double()).map(String);
const text = fc.oneof(number, anyText, fc.constantFrom("__proto__", "1,2", " 1", "１"));

test("responds as in the contract, whatever the id is", async () => {
  const expectContract = createExpectation();
  const run = fc.asyncProperty(text, async (id) => {
    await expectContract({ ...createRouteEvent("GET", "/api/study-sessions/1"), pathParameters: { id } });
  });
  await fc.assert(run, { numRuns: 200 });
});

test("responds as in the contract, whatever the query is", async () => {
  const expectContract = createExpectation();
  const names = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("limit", "before") }, text);
  const run = fc.asyncProperty(fc.dictionary(names, text), async (queryStringParameters) => {
    await expectContract({ ...createRouteEvent("GET", "/api/study-sessions"), queryStringParameters });
  });
  await fc.assert(run, { numRuns: 200 });
});

test.each(["/api/study-sessions/1", "/api/study-sessions?limit=1"])(
  "responds as in the contract, whatever members of the event of %s are null",
  async (url) => {
    const expectContract = createExpectation();
    await fc.assert(fc.asyncProperty(withNulls(createRouteEvent("GET", url)), expectContract));
  },
);
