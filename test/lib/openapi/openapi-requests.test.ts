import { describe, expect, test } from "@jest/globals";
import { REJECTED } from "../../support/contract.ts";
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

test.each(["!", `"${"k".repeat(255)}"`, "k".repeat(255), 'a"b', '"'])(
  "the document takes the key %s",
  (key) => {
    expect(isDocumentedKey(key)).toBe(true);
  },
);

const VALUES = [-1, 0, 1, 1.5, 20, 100, 101, Number.MAX_SAFE_INTEGER, 2 ** 53, "many"];

test.each([
  { operation: "readStudySession", name: "id", url: "/api/study-sessions/" },
  { operation: "listStudySessions", name: "limit", url: "/api/study-sessions?limit=" },
  { operation: "listStudySessions", name: "before", url: "/api/study-sessions?before=" },
] as const)("the document takes the values of $name that the service takes", async (parameter) => {
  const { operation, name, url } = parameter;
  const gateway = await startTestGateway(startService().handler);
  const send = sendOverHttp(gateway.url);
  const answers = VALUES.map((value) => send({ method: "GET", path: url + value, headers: {} }));
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  await gateway.close();
  expect(VALUES.filter((value) => isDocumentedParameter(operation, name, value))).toEqual(
    VALUES.filter((_, index) => statuses[index] !== 400),
  );
});
