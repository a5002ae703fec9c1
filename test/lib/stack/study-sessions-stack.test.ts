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
import { readTemplate } from "../../support/read-template.ts";
import { DOMAIN, TEMPLATE_SETTINGS } from "../../support/template-settings.ts";

const template = readTemplate("prod");

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
    const dev = readTemplate("dev");
    for (const type of MONITORING) dev.resourceCountIs(type, 0);
    expect(dev.toJSON().Outputs).not.toHaveProperty("DashboardUrl");
  });

  test.each(["devWithEmail", "devWithTopic"] as const)(
    "alarms and dashboard are those of prod: %s",
    (name) => {
      const dev = readTemplate(name);
      const countOf = (source: Template) =>
        MONITORING.map((type) => Object.keys(source.findResources(type)).length);
      expect(countOf(dev)).toEqual(countOf(template));
      expect(dev.toJSON().Outputs).toHaveProperty("DashboardUrl");
    },
  );
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
  const restored = readTemplate("restored");
  const { tableName } = TEMPLATE_SETTINGS.restored;

  test("functions, rights, alarms, dashboard and output are of this table", () => {
    const { Outputs, Resources } = restored.toJSON();
    expect(Outputs.TableName.Value).toBe(tableName);
    restored.allResourcesProperties(FUNCTION, { Environment: { Variables: { TABLE_NAME: tableName } } });
    const ownTable = findLogicalId(template, TABLE) ?? "";
    const { [ownTable]: own, ...others } = Resources;
    expect(own).toEqual(template.toJSON().Resources[ownTable]);
    expect(JSON.stringify(others)).not.toContain(ownTable);
    for (const { id } of FUNCTIONS)
      expect(JSON.stringify(findResource(restored, "AWS::IAM::Policy", id))).toContain(`:table/${tableName}`);
  });
});

describe("with a domain", () => {
  const named = readTemplate("changed");
  const DOMAIN_NAME = "AWS::ApiGatewayV2::DomainName";

  test("the API responds there with TLS 1.2", () => {
    named.hasResourceProperties(DOMAIN_NAME, {
      DomainName: DOMAIN.domainName,
      DomainNameConfigurations: [
        {
          CertificateArn: DOMAIN.certificateArn,
          EndpointType: "REGIONAL",
          SecurityPolicy: "TLS_1_2",
        },
      ],
    });
    named.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", {
      ApiId: { Ref: findLogicalId(named, API) },
      DomainName: { Ref: findLogicalId(named, DOMAIN_NAME) },
      Stage: "$default",
    });
  });

  test("the outputs have the addresses and the targets of the DNS record", () => {
    const domain = findLogicalId(named, DOMAIN_NAME);
    expect(named.toJSON().Outputs).toMatchObject({
      ApiUrl: { Value: "https://api.portal.example" },
      Endpoint: { Value: "https://api.portal.example/api/study-sessions" },
      DomainTarget: { Value: { "Fn::GetAtt": [domain, "RegionalDomainName"] } },
      DomainTargetZoneId: { Value: { "Fn::GetAtt": [domain, "RegionalHostedZoneId"] } },
    });
  });
});
