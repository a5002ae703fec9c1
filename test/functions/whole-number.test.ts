import { expect, test } from "@jest/globals";
import { parseWholeNumber } from "../../functions/whole-number.ts";

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
