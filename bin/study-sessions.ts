import { App } from "aws-cdk-lib";
import { warnAboutSettings } from "../lib/stack/settings/settings-warnings.ts";
import { StudySessionsStack } from "../lib/stack/study-sessions-stack.ts";
import { readStackSettings } from "./stack-settings.ts";

const app = new App();
const { settings, changes } = readStackSettings(app);
// Stages live side by side in one account. Production keeps the name that it was first deployed with.
const name = settings.stage === "prod" ? "StudySessions" : `StudySessions-${settings.stage}`;
const stack = new StudySessionsStack(app, name, settings);
warnAboutSettings(stack, settings, changes);
