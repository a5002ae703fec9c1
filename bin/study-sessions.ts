import { App } from "aws-cdk-lib";
import { StudySessionsStack } from "../lib/stack/study-sessions-stack.ts";
import { readStackSettings } from "./stack-settings.ts";

const app = new App();
new StudySessionsStack(app, "StudySessions", readStackSettings(app));
