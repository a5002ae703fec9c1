import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { App, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import cdkJson from "../../cdk.json" with { type: "json" };
import { checkSettings, type Settings } from "../../lib/stack/settings/settings.ts";
import { STAGE_SETTINGS } from "../../lib/stack/settings/stage-settings.ts";
import { StudySessionsStack } from "../../lib/stack/study-sessions-stack.ts";

const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An app that bundles no function, and whose output goes away with the test file. */
export const createApp = () =>
  new App({
    outdir: mkdtempSync(join(folder, "cdk.out-")),
    context: { ...cdkJson.context, "aws:cdk:bundling-stacks": [] },
  });

/** The settings of a stage, some of them changed. */
export const createSettings = ({ stage = "prod", ...changes }: Partial<Settings> = {}) =>
  checkSettings(stage, { ...STAGE_SETTINGS[stage], ...changes });

/**
 * The stack's template with the settings of a stage, some of them changed.
 * @throws Error when the CDK or a rule of AwsSolutions finds a fault in it
 */
export const synthesize = (changes?: Partial<Settings>) => {
  const app = createApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new StudySessionsStack(app, "StudySessions", createSettings(changes));
  return { stack, template: Template.fromStack(stack) };
};
