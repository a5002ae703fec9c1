import { beforeEach, expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { anyText } from "../../support/any-text.ts";
import { createEvent } from "../../support/events.ts";
import { withNulls } from "../../support/null-members.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();
let service: ReturnType<typeof startService>;

beforeEach(() => {
  service = startService();
});

const ERRORS: Readonly<Record<number, RegExp>> = {
  400: /^(Request body is not valid JSON|Missing required fields: group_id, study_activity_id|(group_id|study_activity_id|group_id must be a positive integer; study_activity_id) must be a positive integer|Idempotency-Key must be 1 to 255 visible ASCII characters)$/,
  404: /^(Group not found|Study activity not found|Group not found; Study activity not found)$/,
  413: /^Request body is larger than 16 KB$/,
  415: /^Content-Type must be application\/json$/,
  422: /^Idempotency-Key was already used with a different request$/,
};

/** Sends the event, and checks that the response is in the contract and that a rejection writes nothing. */
const expectContract = async (event: APIGatewayProxyEventV2) => {
  const { handler, calls } = service;
  calls.splice(0);
  const { statusCode = 0, headers, body = "" } = await handler(event, createContext(6000));
  expect(headers).toMatchObject({ "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
  const { error, ...session } = JSON.parse(body);
  if (statusCode === 201) {
    expect(Object.keys(session)).toEqual(["id", "group_id", "study_activity_id", "created_at"]);
  } else {
    expect(session).toEqual({});
    expect(error).toMatch(ERRORS[statusCode] ?? /^not in the contract$/);
    const isFoundOutByReading = statusCode === 404 || statusCode === 422;
    expect(isFoundOutByReading ? calls.filter((call) => call.startsWith("PutItem")) : calls).toEqual([]);
  }
};

const memberValue = fc.oneof(
  fc.constantFrom(1, 2, 3),
  fc.integer(),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.bigInt().map(Number),
);

const member = fc.constantFrom("group_id", "study_activity_id", "__proto__", "constructor", "note");

const object = fc
  .array(fc.tuple(member, memberValue), { maxLength: 6 })
  .map((members) => `{${members.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join()}}`);

const body = fc.oneof(
  { weight: 6, arbitrary: object },
  fc.json(),
  anyText,
  fc.constantFrom("", " ", "{", "[[", "nul", '{"group_id":1,"study_activity_id":2}'),
  fc.tuple(fc.constantFrom("[", '{"a":'), fc.nat(30_000)).map(([text, times]) => text.repeat(times)),
);

const encodedBody = fc.oneof(
  { weight: 3, arbitrary: body.map((text) => ({ body: text, isBase64Encoded: false })) },
  body.map((text) => ({ body: Buffer.from(text).toString("base64"), isBase64Encoded: true })),
  fc.uint8Array().map((bytes) => ({ body: Buffer.from(bytes).toString("base64"), isBase64Encoded: true })),
  fc.string().map((text) => ({ body: text, isBase64Encoded: true })),
  fc.constant({}),
);

const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("application/json", "application/json; charset=utf-8") },
  fc.constantFrom("", "text/plain", "application/x+json", "application/", "json"),
  fc.string(),
);

const headers = fc.record(
  {
    "content-type": contentType,
    "idempotency-key": fc.oneof(fc.constantFrom("a", '"a"', "b", '""', ""), fc.string({ maxLength: 300 })),
    origin: fc.oneof(fc.constant("https://portal.example"), anyText),
    "x-other": anyText,
  },
  { requiredKeys: ["content-type"] },
);

test("responds as in the contract, whatever is sent", async () => {
  await fc.assert(
    fc.asyncProperty(headers, encodedBody, async (sentHeaders, sentBody) => {
      const { body: _, ...event } = createEvent({ headers: sentHeaders });
      await expectContract({ ...event, ...sentBody });
    }),
    { numRuns: 500 },
  );
});

test("responds as in the contract to any JSON of the right type", async () => {
  await fc.assert(
    fc.asyncProperty(memberValue, memberValue, async (group_id, study_activity_id) => {
      await expectContract(createEvent({ body: JSON.stringify({ group_id, study_activity_id }) }));
    }),
    { numRuns: 300 },
  );
});

test("responds as in the contract, whatever members of the event are null", async () => {
  await fc.assert(
    fc.asyncProperty(withNulls(createEvent()), async (event) => {
      await expectContract(event);
    }),
  );
});
