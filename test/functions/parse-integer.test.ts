import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePositiveInteger, parseWholeNumber } from "../../functions/parse-integer.ts";

// The contract has a table of texts that are none.
describe("a positive integer", () => {
  test("reads every id as it is written in JSON", () => {
    const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(fc.property(ids, (id) => parsePositiveInteger(JSON.stringify(id)) === id));
  });

  test("refuses whatever is no other way to write the number that it reads", () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+ 0-9.e]{0,20}$/));
    const run = fc.property(texts, (text) => {
      const number = parsePositiveInteger(text);
      expect(number === undefined || String(number) === text).toBe(true);
    });
    fc.assert(run);
  });
});

describe("a whole number", () => {
  test.each([
    ["0", 0],
    ["007", 7],
    ["65535", 65_535],
  ])("reads %j", (text, number) => {
    expect(parseWholeNumber(text, { min: 0, max: 65_535 })).toBe(number);
  });

  test.each(["", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x10", "one", "٣", "65536"])("refuses %j", (text) => {
    expect(parseWholeNumber(text, { min: 0, max: 65_535 })).toBeUndefined();
  });

  test("refuses a number below the range", () => {
    expect(parseWholeNumber("1", { min: 2, max: 3 })).toBeUndefined();
  });
});
