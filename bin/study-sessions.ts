import { App } from "aws-cdk-lib";
import { warnAboutSettings } from "../lib/stack/settings-warnings.ts";
import { StudySessionsStack } from "../lib/stack/study-sessions-stack.ts";
import { readStackSettings } from "./stack-settings.ts";

const app = new App();
const settings = readStackSettings(app);
const stack = new StudySessionsStack(app, "StudySessions", settings);
warnAboutSettings(stack, settings);
