import { describe, expect, test } from "@jest/globals";
import { readKeyHash } from "../../../functions/handlers/idempotency-key.ts";
import { REJECTED } from "../../support/contract.ts";
import { createEvent } from "../../support/events.ts";
import { isDocumentedBody, isDocumentedParameter, operationOf } from "../../support/openapi-document.ts";
import { sendOverHttp } from "../../support/send.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();

const isDocumentedKey = (key: unknown) => isDocumentedParameter("createStudySession", "Idempotency-Key", key);

describe("the document refuses", () => {
  const ofCreate = REJECTED.filter(({ request }) => operationOf(request) === "createStudySession");

  const ofFields = ofCreate.filter(({ error }) => /^Missing|must be a positive integer/.test(error));
  test.each(ofFields.filter(({ request }) => request.body !== undefined))("$name", ({ request }) => {
    expect(isDocumentedBody(JSON.parse(String(request.body)))).toBe(false);
  });

  test.each(ofCreate.filter(({ error }) => error.startsWith("Idempotency-Key")))("$name", ({ request }) => {
    expect(isDocumentedKey(request.headers["idempotency-key"])).toBe(false);
  });
});

const isAcceptedKey = (key: string) => {
  try {
    return readKeyHash(createEvent({ headers: { "idempotency-key": key } })) !== undefined;
  } catch {
    return false;
  }
};

/** Quotes, the ends of the visible characters and their neighbours, and what a pattern could overlook. */
const CHARACTERS = ['"', "!", "#", "~", " ", "\u007f", "\n", "é"];

/** Makes all texts of up to this many of the characters. */
const shortTexts = (length: number): string[] =>
  length === 0
    ? [""]
    : ["", ...shortTexts(length - 1).flatMap((text) => CHARACTERS.map((each) => text + each))];

const LONG_TEXTS = [252, 253, 254, 255, 256, 257, 258].flatMap((length) =>
  ["k", '"'].flatMap((first) => ["k", '"'].map((last) => first + "k".repeat(length - 2) + last)),
);

test("the document takes the keys that the service takes", () => {
  const keys = [...new Set(shortTexts(4)), ...LONG_TEXTS];
  const accepted = keys.filter(isAcceptedKey);
  expect(keys.filter(isDocumentedKey)).toEqual(accepted);
  expect(accepted.length).toBeGreaterThan(0);
});

const VALUES = [-1, 0, 1, 1.5, 20, 100, 101, Number.MAX_SAFE_INTEGER, 2 ** 53, "many"];

test.each([
  { operation: "readStudySession", name: "id", url: "/api/study-sessions/" },
  { operation: "listStudySessions", name: "limit", url: "/api/study-sessions?limit=" },
  { operation: "listStudySessions", name: "before", url: "/api/study-sessions?before=" },
] as const)("the document takes the values of $name that the service takes", async (parameter) => {
  const { operation, name, url } = parameter;
  const gateway = await startTestGateway(startService().handler);
  const send = sendOverHttp(gateway.url);
  const responses = VALUES.map((value) => send({ method: "GET", path: url + value, headers: {} }));
  const statuses = (await Promise.all(responses)).map(({ status }) => status);
  await gateway.close();
  expect(VALUES.filter((value) => isDocumentedParameter(operation, name, value))).toEqual(
    VALUES.filter((_, index) => statuses[index] !== 400),
  );
});
