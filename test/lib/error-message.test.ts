import { expect, test } from "@jest/globals";
import { errorMessage } from "../../lib/error-message.ts";

test.each([
  ["an error", new TypeError("too long"), "too long"],
  ["several errors", new AggregateError([new Error("first"), new Error("second")]), "first, second"],
  ["several errors with a message", new AggregateError([new Error("first")], "too many"), "too many"],
  ["a text", "too long", "too long"],
  ["an object", { code: 1 }, "[object Object]"],
  ["nothing", undefined, "undefined"],
])("is the text of %s", (_, error, message) => {
  expect(errorMessage(error)).toBe(message);
});
