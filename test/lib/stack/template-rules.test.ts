import { expect, test } from "@jest/globals";
import { PROBLEMS } from "../../support/read-template.ts";

test("the templates with all settings follow the rules of AwsSolutions", () => {
  expect(PROBLEMS).toBe("");
});
