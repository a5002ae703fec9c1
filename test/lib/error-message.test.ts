import { expect, test } from "@jest/globals";
import { errorMessage } from "../../lib/error-message.ts";

test.each([
  ["an error", new TypeError("too long"), "too long"],
  ["a text", "too long", "too long"],
  ["an object", { code: 1 }, "[object Object]"],
  ["nothing", undefined, "undefined"],
])("is the text of %s", (_, error, message) => {
  expect(errorMessage(error)).toBe(message);
});
