import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePageQuery } from "../../../functions/handlers/page-query.ts";
import { HttpError } from "../../../functions/http-error.ts";

test.each([
  [undefined, { limit: 20, before: undefined }],
  [{}, { limit: 20, before: undefined }],
  [{ limit: "1" }, { limit: 1, before: undefined }],
  [
    { limit: "100", before: "1" },
    { limit: 100, before: 1 },
  ],
  [{ before: "9007199254740991" }, { limit: 20, before: Number.MAX_SAFE_INTEGER }],
  // Events by hand may have members that are undefined.
  [
    { limit: undefined, before: undefined },
    { limit: 20, before: undefined },
  ],
])("reads %j", (query, page) => {
  expect(parsePageQuery(query)).toEqual(page);
});

const parameter = fc.oneof(fc.string(), fc.integer({ min: -2, max: 120 }).map(String));

const queries = fc.dictionary(fc.oneof(fc.constantFrom("limit", "before"), fc.string()), parameter);

const errorOf = (query: Readonly<Record<string, string>>) => {
  try {
    parsePageQuery(query);
    return undefined;
  } catch (error) {
    return error instanceof HttpError ? { status: error.statusCode, message: error.message } : error;
  }
};

test("takes a limit, an id and nothing else, and names every fault in one order but only one unknown parameter", () => {
  const run = fc.property(queries, (query) => {
    const { limit = "20", before = "1", ...others } = query;
    const unknown = Object.keys(others).slice(0, 1);
    const isInteger = (text: string) => /^[1-9][0-9]*$/.test(text);
    const faults = [
      ...(isInteger(limit) && Number(limit) <= 100 ? [] : ["limit must be an integer from 1 to 100"]),
      ...(isInteger(before) && Number(before) < 2 ** 53 ? [] : ["before must be a positive integer"]),
      ...unknown.map((name) => `Unknown parameter: ${[...name].slice(0, 40).join("")}`),
    ];
    expect(errorOf(query)).toEqual(
      faults.length > 0 ? { status: 400, message: faults.join("; ") } : undefined,
    );
  });
  fc.assert(run, { numRuns: 200 });
});
