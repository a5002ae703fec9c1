import { App, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import cdkJson from "../../cdk.json" with { type: "json" };
import { parseSettings } from "../../lib/settings.ts";
import { StudySessionsStack } from "../../lib/study-sessions-stack.ts";

export const WITHOUT_BUNDLES = { "aws:cdk:bundling-stacks": [] };

export const readSettings = (changes: Record<string, string> = {}) =>
  parseSettings({ ...cdkJson.context, ...changes });

/**
 * The stack's template with the settings of `cdk.json`, some of them changed.
 * @throws Error when the CDK or a rule of AwsSolutions finds a fault in it
 */
export const synthesize = (changes?: Record<string, string>) => {
  const app = new App({ context: { ...cdkJson.context, ...WITHOUT_BUNDLES } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new StudySessionsStack(app, "StudySessions", readSettings(changes));
  return { stack, template: Template.fromStack(stack) };
};
