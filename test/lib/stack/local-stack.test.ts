import { expect, test } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { LocalStack } from "../../../lib/stack/local-stack.ts";
import { createSettings } from "../../support/settings.ts";
import { createApp } from "../../support/synthesize.ts";

test.each(["arm64", "x86_64"] as const)(
  "in the template for SAM on %s both functions use the engine of this machine",
  (architecture) => {
    const stack = new LocalStack(createApp({ builtinCloudFormationValidation: false }), "StudySessions", {
      settings: createSettings(),
      endpoint: "http://host.docker.internal:8000",
      tableName: "StudySessions",
      architecture,
    });

    const handlers = Object.values(Template.fromStack(stack).findResources("AWS::Lambda::Function"));

    const Properties = {
      Architectures: [architecture],
      Environment: {
        Variables: {
          AWS_ENDPOINT_URL_DYNAMODB: "http://host.docker.internal:8000",
          TABLE_NAME: "StudySessions",
          ALLOWED_ORIGINS: "*",
        },
      },
    };
    expect(handlers).toMatchObject([
      { Metadata: { SamResourceId: "CreateStudySession" }, Properties },
      { Metadata: { SamResourceId: "ReadStudySessions" }, Properties },
    ]);
  },
);
