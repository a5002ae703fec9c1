import { describe, expect, test } from "@jest/globals";
import { Match, type Template } from "aws-cdk-lib/assertions";
import {
  API,
  FUNCTION,
  FUNCTIONS,
  findLogicalId,
  findResource,
  LOG,
  METRIC_FILTER,
  STAGE,
  TABLE,
} from "../../support/find-resource.ts";
import { synthesize } from "../../support/synthesize.ts";

const { template } = synthesize();

test("the outputs say where everything is", () => {
  expect(Object.keys(template.toJSON().Outputs).sort()).toEqual([
    "ApiUrl",
    "DashboardUrl",
    "Endpoint",
    "FunctionName",
    "ReaderFunctionName",
    "TableName",
  ]);
});

describe("of the stage dev", () => {
  const MONITORING = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", METRIC_FILTER];

  test("alarms that would reach nobody are not there, and no dashboard", () => {
    const { template: dev } = synthesize({ stage: "dev" });
    for (const type of MONITORING) dev.resourceCountIs(type, 0);
    expect(dev.toJSON().Outputs).not.toHaveProperty("DashboardUrl");
  });

  test.each([
    { alarmEmail: "owner@portal.example" },
    { alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call" },
  ])("alarms and dashboard are those of prod with %j", (receiver) => {
    const { template: dev } = synthesize({ stage: "dev", ...receiver });
    const countOf = (source: Template) =>
      MONITORING.map((type) => Object.keys(source.findResources(type)).length);
    expect(countOf(dev)).toEqual(countOf(template));
    expect(dev.toJSON().Outputs).toHaveProperty("DashboardUrl");
  });
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

describe("with a table that exists already", () => {
  const { template: restored } = synthesize({ tableName: "StudySessions-restored" });

  test("functions, rights, alarms, dashboard and output are of this table", () => {
    const { Outputs, Resources } = restored.toJSON();
    expect(Outputs.TableName.Value).toBe("StudySessions-restored");
    restored.allResourcesProperties(FUNCTION, {
      Environment: { Variables: { TABLE_NAME: "StudySessions-restored" } },
    });
    const ownTable = findLogicalId(template, TABLE) ?? "";
    const { [ownTable]: own, ...others } = Resources;
    expect(own).toEqual(template.toJSON().Resources[ownTable]);
    expect(JSON.stringify(others)).not.toContain(ownTable);
    for (const { id } of FUNCTIONS)
      expect(JSON.stringify(findResource(restored, "AWS::IAM::Policy", id))).toContain(
        ":table/StudySessions-restored",
      );
  });
});

describe("with a domain", () => {
  const { template: named } = synthesize({
    domainName: "api.portal.example",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab",
  });
  const DOMAIN = "AWS::ApiGatewayV2::DomainName";

  test("the API responds there with TLS 1.2", () => {
    named.hasResourceProperties(DOMAIN, {
      DomainName: "api.portal.example",
      DomainNameConfigurations: [
        {
          CertificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab",
          EndpointType: "REGIONAL",
          SecurityPolicy: "TLS_1_2",
        },
      ],
    });
    named.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", {
      ApiId: { Ref: findLogicalId(named, API) },
      DomainName: { Ref: findLogicalId(named, DOMAIN) },
      Stage: "$default",
    });
  });

  test("the outputs have the addresses and the targets of the DNS record", () => {
    const domain = findLogicalId(named, DOMAIN);
    expect(named.toJSON().Outputs).toMatchObject({
      ApiUrl: { Value: "https://api.portal.example" },
      Endpoint: { Value: "https://api.portal.example/api/study-sessions" },
      DomainTarget: { Value: { "Fn::GetAtt": [domain, "RegionalDomainName"] } },
      DomainTargetZoneId: { Value: { "Fn::GetAtt": [domain, "RegionalHostedZoneId"] } },
    });
  });
});
