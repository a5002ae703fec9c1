import { expect, test } from "@jest/globals";
import { parseAllowedOrigins } from "../../../functions/http/origins.ts";

test.each([
  ["*", ["*"]],
  ["https://portal.example", ["https://portal.example"]],
  ["https://portal.example, http://localhost:5173", ["https://portal.example", "http://localhost:5173"]],
])("reads %s", (text, origins) => {
  expect(parseAllowedOrigins(text, "allowedOrigins")).toEqual(origins);
});

test.each([
  ["", ""],
  ["portal.example", "portal.example"],
  ["https://portal.example/", "https://portal.example/"],
  ["https://portal.example/app", "https://portal.example/app"],
  ["ftp://portal.example", "ftp://portal.example"],
  ["https://*.example", "https://*.example"],
  ["*,https://portal.example", "*"],
  ["https://portal.example,", ""],
])("names what is wrong in %s", (text, part) => {
  expect(() => parseAllowedOrigins(text, "allowedOrigins")).toThrow(
    `allowedOrigins: "${part}" is not an origin. Expected * alone, or a comma-separated list of ` +
      "scheme://host[:port], without a slash at the end",
  );
});
