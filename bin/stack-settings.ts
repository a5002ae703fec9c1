import type { App } from "aws-cdk-lib";
import { errorMessage } from "../lib/error-message.ts";
import { readSettings } from "../lib/stack/settings/command-line-settings.ts";
import { checkRegion } from "../lib/stack/settings/settings.ts";
import { checkNpmOptions } from "./npm-options.ts";

/** The options of the CDK that decide what is deployed, and where. `-c` is among them. */
export const CDK_OPTIONS = {
  call: { type: "string" },
  context: { type: "string" },
  app: { type: "string" },
  profile: { type: "string" },
  region: { type: "string" },
  "role-arn": { type: "string" },
  "toolkit-stack-name": { type: "string" },
  parameters: { type: "string" },
  method: { type: "string" },
  "require-approval": { type: "string" },
  "outputs-file": { type: "string" },
  exclusively: { type: "boolean" },
  execute: { type: "boolean" },
} as const;

/**
 * Reads the settings of the stack. A wrong setting, or an option that npm kept, ends the process with one line
 * and exit code 1. The process ends at once: otherwise the CDK would still write an app without stacks.
 */
export const readStackSettings = (app: App) => {
  try {
    checkNpmOptions(CDK_OPTIONS);
    const read = readSettings(app.node.getAllContext());
    const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
    checkRegion(read.settings, { account, region });
    return read;
  } catch (error) {
    console.error(errorMessage(error));
    process.exit(1);
  }
};
