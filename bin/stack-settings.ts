import type { App } from "aws-cdk-lib";
import { errorMessage } from "../lib/error-message.ts";
import { readSettings } from "../lib/stack/settings/command-line-settings.ts";

/**
 * Reads the settings of the stack. A wrong setting ends the process with one line and exit code 1. The process ends at
 * once: otherwise the CDK would still write an app without stacks.
 */
export const readStackSettings = (app: App) => {
  try {
    return readSettings(app.node.getAllContext());
  } catch (error) {
    console.error(errorMessage(error));
    process.exit(1);
  }
};
