import { expect, test } from "@jest/globals";
import { synthesizeTemplates } from "../support/synthesize-templates.ts";

test("the templates with all settings follow the rules of CloudFormation", async () => {
  expect((await synthesizeTemplates("--cloudformation-rules")).problems).toBe("");
}, 120_000);
