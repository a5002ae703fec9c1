import { expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { OPERATIONS, ROUTES, routeKeyOf } from "../../../../functions/routes.ts";
import {
  API,
  FUNCTION,
  findLogicalId,
  findResource,
  METRIC_FILTER,
  TABLE,
} from "../../../support/find-resource.ts";
import { readTemplate } from "../../../support/read-template.ts";
import { ALARM_EMAIL, ALARM_TOPIC, DOMAIN } from "../../../support/template-settings.ts";

const template = readTemplate("prod");
const mailing = readTemplate("devWithEmail");

const ALARM = "AWS::CloudWatch::Alarm";

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions: object[] };
  };
}

/** Reads the name and the dimensions of the metrics in an alarm's expression. The expression has to use all of them. */
const metricsOf = (name: string) => {
  const queries: Query[] = findResource(template, ALARM, `Alarms${name}`).Metrics;
  const expression = queries.find(({ Expression }) => Expression)?.Expression;
  return queries.flatMap(({ Id, MetricStat }) => {
    if (!MetricStat) return [];
    expect(expression).toMatch(new RegExp(`\\b${Id}\\b`));
    const { MetricName, Dimensions } = MetricStat.Metric;
    return [[MetricName, Dimensions]];
  });
};

const functionIds = Object.keys(template.findResources(FUNCTION));

test.each([
  ["Latency", "Duration"],
  ["FunctionErrors", "Errors"],
  ["FunctionThrottles", "Throttles"],
])("%s watches every function", (name, metric) => {
  expect(metricsOf(name)).toEqual(
    functionIds.map((id) => [metric, [{ Name: "FunctionName", Value: { Ref: id } }]]),
  );
});

test("FailureShare watches every route by itself, so that reads don't hide failing creates", () => {
  const expected = OPERATIONS.flatMap((operation) => {
    const dimensions = [{ Name: "Route", Value: routeKeyOf(ROUTES[operation]) }];
    return [
      ["Requests", dimensions],
      ["Failures", dimensions],
    ];
  });
  expect(metricsOf("FailureShare")).toEqual(expect.arrayContaining(expected));
  const routes = { Key: "Route", Value: "$.routeKey" };
  expect(metricsOf("LastingFailures")).toEqual(metricsOf("FailureShare"));
  for (const [name, pattern] of [
    ["Requests", '{ $.routeKey != "-" }'],
    ["Failures", '{ ($.routeKey != "-") && ($.status = "5*") }'],
    ["ClientErrors", '{ ($.routeKey != "-") && ($.status = "4*") && ($.status != "429") }'],
  ] as const)
    expect(findResource(template, METRIC_FILTER, `AlarmsRoutes${name}`)).toEqual({
      LogGroupName: { Ref: expect.stringMatching(/^ApiAccessLog/) },
      FilterPattern: pattern,
      MetricTransformations: [
        {
          MetricName: name,
          MetricNamespace: { Ref: "AWS::StackName" },
          MetricValue: "1",
          Dimensions: [routes],
        },
      ],
    });
});

test("GatewayThrottles counts every response with 429, on any route", () => {
  expect(findResource(template, METRIC_FILTER, "AlarmsRoutesThrottled")).toMatchObject({
    LogGroupName: { Ref: expect.stringMatching(/^ApiAccessLog/) },
    FilterPattern: '{ $.status = "429" }',
    MetricTransformations: [{ MetricName: "Throttled", MetricNamespace: { Ref: "AWS::StackName" } }],
  });
});

test("TableThrottles watches reads and writes of the table", () => {
  const table = { Name: "TableName", Value: { Ref: findLogicalId(template, TABLE) } };
  expect(metricsOf("TableThrottles")).toEqual([
    ["ReadThrottleEvents", [table]],
    ["WriteThrottleEvents", [table]],
  ]);
});

test("GatewayFailures counts the gateway's own metric, which needs no log and no filter", () => {
  expect(findResource(template, ALARM, "AlarmsGatewayFailures")).toMatchObject({
    Namespace: "AWS/ApiGateway",
    MetricName: "5xx",
    Dimensions: [{ Name: "ApiId", Value: { Ref: findLogicalId(template, API) } }],
    Statistic: "Sum",
    Period: 3600,
  });
});

test("CertificateExpiry watches the certificate, and keeps its state once ACM publishes nothing more", () => {
  const named = readTemplate("restored");
  named.resourceCountIs(ALARM, 11);
  expect(findResource(named, ALARM, "AlarmsCertificateExpiry")).toMatchObject({
    Namespace: "AWS/CertificateManager",
    MetricName: "DaysToExpiry",
    Dimensions: [{ Name: "CertificateArn", Value: DOMAIN.certificateArn }],
    Statistic: "Minimum",
    Period: 86400,
    TreatMissingData: "ignore",
  });
});

/** The test of session-write.ts looks at these entries of the log. */
test("RefusedIds counts the log entries of the function that creates that have a refused id", () => {
  expect(findResource(template, METRIC_FILTER, "AlarmsRefusedIdFilter")).toMatchObject({
    LogGroupName: { Ref: expect.stringMatching(/^FunctionLog/) },
    FilterPattern: "{ $.refusedId > 0 }",
  });
  expect(findResource(template, ALARM, "AlarmsRefusedIds").MetricName).toBe("RefusedIds");
});

test("alarms stay OK without requests, and say what they mean", () => {
  template.resourceCountIs(ALARM, 10);
  template.allResourcesProperties(ALARM, {
    TreatMissingData: "notBreaching",
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    AlarmDescription: Match.anyValue(),
  });
});

test("alarms send an e-mail if there is an address, when they fire and when they are OK again", () => {
  template.resourceCountIs("AWS::SNS::Topic", 0);
  mailing.hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "email",
    Endpoint: ALARM_EMAIL,
  });
  const topic = [{ Ref: Match.stringLikeRegexp("^AlarmsTopic") }];
  mailing.allResourcesProperties(ALARM, {
    AlarmActions: topic,
    OKActions: topic,
  });
});

test("alarms go to a topic that exists already, alone or beside the address", () => {
  const existing = readTemplate("devWithTopic");
  existing.resourceCountIs("AWS::SNS::Topic", 0);
  existing.allResourcesProperties(ALARM, {
    AlarmActions: [ALARM_TOPIC],
    OKActions: [ALARM_TOPIC],
  });
  readTemplate("changed").allResourcesProperties(ALARM, {
    AlarmActions: [{ Ref: Match.stringLikeRegexp("^AlarmsTopic") }, ALARM_TOPIC],
  });
});

test("only alarms of this account may publish to the topic", () => {
  mailing.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Effect: "Deny",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
        Match.objectLike({
          Effect: "Allow",
          Action: "sns:Publish",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
          },
        }),
      ],
    },
  });
});
