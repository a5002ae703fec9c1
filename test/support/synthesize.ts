import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { App, type AppProps } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import cdkJson from "../../cdk.json" with { type: "json" };
import type { Settings } from "../../lib/stack/settings/settings.ts";
import { StudySessionsStack } from "../../lib/stack/study-sessions-stack.ts";
import { createFolder } from "./create-folder.ts";
import { createSettings } from "./settings.ts";

const folder = createFolder();

/** Creates an app that bundles no function, and whose output is deleted with the test file. */
export const createApp = (props: AppProps = {}) =>
  new App({
    outdir: mkdtempSync(join(folder, "cdk.out-")),
    context: { ...cdkJson.context, "aws:cdk:bundling-stacks": [] },
    ...props,
  });

/**
 * Synthesizes the stack's template with the settings of a stage, some of them changed. No rules are checked, which
 * would take seconds.
 */
export const synthesize = (changes?: Partial<Settings>) => {
  const app = createApp({ builtinCloudFormationValidation: false });
  const stack = new StudySessionsStack(app, "StudySessions", createSettings(changes));
  return { stack, template: Template.fromStack(stack) };
};
