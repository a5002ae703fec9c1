import { describe, expect, test } from "@jest/globals";
import { OPERATIONS } from "../../../functions/routes.ts";
import { createOpenApiDocument } from "../../../lib/openapi/openapi-document.ts";
import { REJECTED } from "../../support/contract.ts";
import {
  examplesOf,
  isDocumentedResponse,
  operationOf,
  responsesOf,
} from "../../support/openapi-document.ts";

describe.each(OPERATIONS)("of %s", (operation) => {
  test("every example of a response matches its schema", () => {
    for (const status of Object.keys(responsesOf(operation))) {
      for (const example of examplesOf(operation, status)) {
        expect([example, isDocumentedResponse(operation, status, example)]).toEqual([example, true]);
      }
    }
  });

  test("every example of an error is in the contract", () => {
    const ofOperation = REJECTED.filter(({ request }) => operationOf(request) === operation);
    const errors = ofOperation.map(({ error }) => ({ error }));
    for (const status of [400, 404, 413, 415]) {
      const examples = examplesOf(operation, status).filter((example) => "error" in example);
      for (const example of examples) expect(errors).toContainEqual(example);
    }
  });
});

/** Finds all values of `pattern` in a part of the document. */
const findPatterns = (part: unknown): unknown[] => {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === "pattern" ? [value] : findPatterns(value),
  );
};

test("patterns have nothing that RE2 lacks, the regular expressions of Go's tools", () => {
  const patterns = findPatterns(createOpenApiDocument("/"));
  expect(patterns).not.toEqual([]);
  for (const pattern of patterns) expect(pattern).not.toMatch(/\(\?[=!<]|\\[1-9cku]/);
});

test("ids have 64 bits in generated clients", () => {
  const { StudySession } = createOpenApiDocument("/").components.schemas;
  const id = { type: "integer", format: "int64", maximum: Number.MAX_SAFE_INTEGER };
  expect(StudySession).toMatchObject({ properties: { id, group_id: id, study_activity_id: id } });
});
