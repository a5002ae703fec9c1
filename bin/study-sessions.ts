import { App } from "aws-cdk-lib";
import { parseSettings } from "../lib/settings.ts";
import { StudySessionsStack } from "../lib/study-sessions-stack.ts";

const readSettings = (app: App) => {
  try {
    return parseSettings(app.node.getAllContext());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
};

const app = new App();
new StudySessionsStack(app, "StudySessions", readSettings(app));
