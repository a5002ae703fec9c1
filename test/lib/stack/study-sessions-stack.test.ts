import { expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { API, FUNCTION, LOG, STAGE, TABLE } from "../../support/find-resource.ts";
import { synthesize } from "../../support/synthesize.ts";

const { template } = synthesize();

test("the outputs say where everything is", () => {
  expect(Object.keys(template.toJSON().Outputs).sort()).toEqual([
    "DashboardUrl",
    "Endpoint",
    "FunctionName",
    "ReaderFunctionName",
    "TableName",
  ]);
});

test("everything that can carry tags carries the service and the stage", () => {
  const Tags = Match.arrayWith([
    { Key: "service", Value: "study-sessions" },
    { Key: "stage", Value: "prod" },
  ]);
  for (const type of [TABLE, FUNCTION, LOG, "AWS::IAM::Role"])
    template.allResourcesProperties(type, { Tags });
  const tags = { service: "study-sessions", stage: "prod" };
  for (const type of [API, STAGE]) template.allResourcesProperties(type, { Tags: tags });
});

test("nothing has a physical name, so that two deployments can't collide", () => {
  const named = /"(TableName|FunctionName|RoleName|LogGroupName|TopicName|AlarmName|DashboardName)":"/;
  expect(JSON.stringify(template.toJSON().Resources)).not.toMatch(named);
});
