import { App } from "aws-cdk-lib";
import { LocalStack } from "../lib/stack/local-stack.ts";
import { readStackSettings } from "./stack-settings.ts";

const {
  AWS_ENDPOINT_URL_DYNAMODB: endpoint = "http://host.docker.internal:8000",
  TABLE_NAME: tableName = "StudySessions",
} = process.env;

const app = new App();
new LocalStack(app, "StudySessions", {
  settings: readStackSettings(app).settings,
  endpoint,
  tableName,
  architecture: process.arch === "arm64" ? "arm64" : "x86_64",
});
