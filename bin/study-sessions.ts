import { App } from "aws-cdk-lib";
import { parseAllowedOrigins } from "../functions/http-api.ts";
import { StudySessionsStack } from "../lib/study-sessions-stack.ts";

const app = new App();

new StudySessionsStack(app, "StudySessions", {
  allowedOrigins: parseAllowedOrigins(app.node.getContext("allowedOrigins"), "allowedOrigins"),
});
