import { expect, test } from "@jest/globals";
import { toPrintable, toPrintableLines } from "../../lib/printable.ts";

test.each([
  ["\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
  ["one\r\ntwo\tthree\u0085", "one\\u000d\\u000atwo\\u0009three\\u0085"],
  ["\u009b31m\u007f\0", "\\u009b31m\\u007f\\u0000"],
  ["\u202egnp.exe\u2066\u2028\u2029", "\\u202egnp.exe\\u2066\\u2028\\u2029"],
])("%j is printed with escapes", (text, printed) => {
  expect(toPrintable(text)).toBe(printed);
});

test.each(["Core Verbs", "Zürich 東京 🎌", "👩‍🎓", "می‌خواهم", "a\\b \"c\" 'd'"])(
  "%s is printed as it is",
  (text) => {
    expect(toPrintable(text)).toBe(text);
  },
);

test("a text of several lines keeps them", () => {
  expect(toPrintableLines("one\n\u001btwo\n")).toBe("one\n\\u001btwo\n");
});
