import { expect, test } from "@jest/globals";
import { FUNCTION } from "../../support/find-resource.ts";
import { readTemplate } from "../../support/read-template.ts";

test.each([
  ["localArm64", "arm64"],
  ["localX86", "x86_64"],
] as const)(
  "in the template %s for SAM on %s both functions use the engine of this machine",
  (name, architecture) => {
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
    expect(Object.values(readTemplate(name).findResources(FUNCTION))).toMatchObject([
      { Metadata: { SamResourceId: "CreateStudySession" }, Properties },
      { Metadata: { SamResourceId: "ReadStudySessions" }, Properties },
    ]);
  },
);
