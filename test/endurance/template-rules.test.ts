import { expect, test } from "@jest/globals";
import { synthesizeTemplates } from "../support/synthesize-templates.ts";

test("the templates follow the rules of CloudFormation", async () => {
  expect((await synthesizeTemplates("--cloudformation-rules")).problems).toBe("");
}, 120_000);
