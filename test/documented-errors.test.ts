import { expect, test } from "@jest/globals";
import { OPERATIONS } from "../functions/routes.ts";
import { readDocumentation } from "./support/documentation.ts";
import { examplesOf, responsesOf } from "./support/openapi-document.ts";

const documented = [...readDocumentation("README.md").matchAll(/^\| (\d{3}) \| (`[^|]*`) \|/gm)].flatMap(
  ([, status, errors = ""]) => [...errors.matchAll(/`([^`]+)`/g)].map(([, error]) => `${status} ${error}`),
);

/** Faults of one request are joined by a semicolon and a space. */
const errorsOf = (example: object) => ("error" in example ? String(example.error).split("; ") : []);

const inDocument = OPERATIONS.flatMap((operation) =>
  Object.keys(responsesOf(operation)).flatMap((status) =>
    examplesOf(operation, status)
      .flatMap(errorsOf)
      .map((error) => `${status} ${error}`),
  ),
);

/** The README names one of several errors that differ in one word, and of lists of members the longest one. */
const isNamedByAnother = (error: string) =>
  / (study_activity_id|id|before) must be a positive integer$|could not be read$|fields: \w+$/.test(error);

test("the errors that the README lists are those of the OpenAPI document", () => {
  expect(documented.toSorted()).toEqual(
    [...new Set(inDocument)].filter((error) => !isNamedByAnother(error)).toSorted(),
  );
});
