import { expect, test } from "@jest/globals";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Settings } from "../../../lib/stack/settings/settings.ts";
import { StudySessionsStack } from "../../../lib/stack/study-sessions-stack.ts";
import { createSettings } from "../../support/settings.ts";
import { createApp } from "../../support/synthesize.ts";

// Together these settings make every resource that a setting adds or leaves out.
test.each<Partial<Settings>>([
  {},
  { stage: "dev" },
  {
    tableName: "StudySessions-restored",
    alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call",
  },
  {
    allowedOrigins: ["https://portal.example", "http://localhost:5173"],
    reservedConcurrency: 25,
    logRetentionDays: 7,
    protection: false,
    alarmEmail: "owner@portal.example",
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: ["portal", "admin"],
    domainName: "api.portal.example",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab",
  },
])(
  "the template with the settings %j follows the rules of CloudFormation and of AwsSolutions",
  (changes) => {
    const app = createApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new StudySessionsStack(app, "StudySessions", createSettings(changes));
    expect(() => app.synth()).not.toThrow();
  },
  120_000,
);
