import { expect, test } from "@jest/globals";
import { SETTING_NAMES } from "../../../lib/stack/settings/settings.ts";
import { PROBLEMS } from "../../support/read-template.ts";
import { TEMPLATE_SETTINGS } from "../../support/template-settings.ts";

test("the templates follow the rules of AwsSolutions", () => {
  expect(PROBLEMS).toBe("");
});

test("each setting is changed in a template", () => {
  const changed = new Set(Object.values(TEMPLATE_SETTINGS).flatMap((settings) => Object.keys(settings)));
  expect([...changed].sort()).toEqual(["stage", ...SETTING_NAMES].sort());
});
