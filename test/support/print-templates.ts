import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import cdkJson from "../../cdk.json" with { type: "json" };
import { errorMessage } from "../../lib/error-message.ts";
import { LocalStack } from "../../lib/stack/local-stack.ts";
import { StudySessionsStack } from "../../lib/stack/study-sessions-stack.ts";
import { createSettings } from "./settings.ts";
import { LOCAL_TEMPLATES, TEMPLATE_SETTINGS } from "./template-settings.ts";

const outdir = mkdtempSync(join(tmpdir(), "study-sessions-cdk.out-"));
process.once("exit", () => rmSync(outdir, { recursive: true }));

const app = new App({
  outdir,
  context: { ...cdkJson.context, "aws:cdk:bundling-stacks": [] },
  builtinCloudFormationValidation: process.argv.includes("--cloudformation-rules"),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

const stacks = [
  ...Object.entries(TEMPLATE_SETTINGS).map(
    ([name, changes]) => new StudySessionsStack(app, name, createSettings(changes)),
  ),
  ...Object.entries(LOCAL_TEMPLATES).map(
    ([name, architecture]) =>
      new LocalStack(app, name, {
        settings: createSettings(),
        endpoint: "http://host.docker.internal:8000",
        tableName: "StudySessions",
        architecture,
      }),
  ),
];

/** @returns the report on the rules that the templates break */
const findProblems = () => {
  const report: string[] = [];
  console.error = (text) => report.push(text);
  try {
    app.synth();
    return "";
  } catch (error) {
    return [...report, errorMessage(error)].join("\n");
  }
};

const problems = findProblems();
const templates = stacks.map(({ node, templateFile, terminationProtection }) => [
  node.id,
  { template: JSON.parse(readFileSync(join(outdir, templateFile), "utf8")), terminationProtection },
]);
console.log(JSON.stringify({ templates: Object.fromEntries(templates), problems }));
