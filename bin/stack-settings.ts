import type { App } from "aws-cdk-lib";
import { errorMessage } from "../lib/error-message.ts";
import { parseSettings } from "../lib/stack/settings/settings.ts";

/**
 * Reads the settings of the stack from the CDK context. A wrong setting ends the process with one line that names the
 * setting, and with exit code 1. The process ends at once: otherwise the CDK would still
 * write an app without stacks.
 */
export const readStackSettings = (app: App) => {
  try {
    return parseSettings(app.node.getAllContext());
  } catch (error) {
    console.error(errorMessage(error));
    process.exit(1);
  }
};
