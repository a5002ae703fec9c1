import { Template } from "aws-cdk-lib/assertions";
import { type Synthesis, synthesizeTemplates } from "./synthesize-templates.ts";
import type { TemplateName } from "./template-settings.ts";

/** Reads what the tests of a run of jest share, or synthesizes it when they share nothing. */
const readSynthesis = async (): Promise<Synthesis> => {
  const { TEST_TEMPLATES_URL: url } = process.env;
  if (url === undefined) return synthesizeTemplates();
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
};

const { templates, problems } = await readSynthesis();

/** Reads a template whose settings are in `TEMPLATE_SETTINGS`. */
export const readTemplate = (name: TemplateName) => Template.fromJSON(templates[name].template);

export const hasTerminationProtection = (name: TemplateName) => templates[name].terminationProtection;

/** The report on the rules of AwsSolutions that the templates break; empty when they break none. */
export const PROBLEMS = problems;
