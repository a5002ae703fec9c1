import type { App } from "aws-cdk-lib";
import { errorMessage } from "../lib/error-message.ts";
import { parseSettings } from "../lib/stack/settings.ts";

/** Ends the process with the one line that says which setting is wrong, if one is. */
export const readSettings = (app: App) => {
  try {
    return parseSettings(app.node.getAllContext());
  } catch (error) {
    console.error(errorMessage(error));
    process.exit(1);
  }
};
