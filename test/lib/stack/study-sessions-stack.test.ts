import { describe, expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../../support/synthesize.ts";

// Synthesizing runs the rules of AwsSolutions as well: an unexplained finding fails every test here.
const { stack, template } = synthesize();
const { stack: devStack, template: dev } = synthesize({ stage: "dev" });
const { template: closed } = synthesize({
  allowedOrigins: "https://portal.example,http://localhost:5173",
  throttleRate: "5",
  throttleBurst: "8",
  maxReadUnits: "50",
  maxWriteUnits: "60",
  reservedConcurrency: "25",
  logRetentionDays: "7",
  alarmEmail: "owner@portal.example",
  jwtIssuer: "https://login.portal.example/",
  jwtAudience: "portal,admin",
});

const logicalId = (type: string, properties = {}) => {
  const [id, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  expect(others).toEqual([]);
  return id;
};

const TABLE = "AWS::DynamoDB::Table";
const FUNCTION = "AWS::Lambda::Function";
const API = "AWS::ApiGatewayV2::Api";
const STAGE = "AWS::ApiGatewayV2::Stage";
const LOG = "AWS::Logs::LogGroup";

describe("the table", () => {
  test("is on demand up to a maximum throughput, and forgets idempotency records", () => {
    template.hasResourceProperties(TABLE, {
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      OnDemandThroughput: {
        MaxReadRequestUnits: 200,
        MaxWriteRequestUnits: 200,
      },
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    closed.hasResourceProperties(TABLE, {
      OnDemandThroughput: { MaxReadRequestUnits: 50, MaxWriteRequestUnits: 60 },
    });
  });

  test("survives its stack and every slip of the hand in production", () => {
    template.hasResource(TABLE, {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
    expect(stack.terminationProtection).toBe(true);
  });

  test("goes with a throw-away stack, and leaves no backup behind", () => {
    dev.hasResource(TABLE, {
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
      Properties: {
        DeletionProtectionEnabled: false,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      },
    });
    expect(devStack.terminationProtection).toBe(false);
  });

  test("is the only thing that a production stack keeps, with its logs", () => {
    const kept = Object.values(template.toJSON().Resources)
      .filter((resource) => Object(resource).DeletionPolicy === "Retain")
      .map((resource) => Object(resource).Type);
    expect(kept.sort()).toEqual([TABLE, LOG, LOG]);
    expect(JSON.stringify(dev.toJSON())).not.toContain("Retain");
  });
});

describe("the function", () => {
  test("ends before the gateway gives up, and is traced", () => {
    template.hasResourceProperties(FUNCTION, {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: 1024,
      Timeout: 6,
      TracingConfig: { Mode: "Active" },
    });
  });

  test("logs JSON to a group of its own that forgets", () => {
    const LogGroup = {
      Ref: expect.stringMatching(/^FunctionLog/),
    };
    template.hasResourceProperties(FUNCTION, {
      LoggingConfig: { LogFormat: "JSON", LogGroup: Match.anyValue() },
    });
    const [handler] = Object.values(template.findResources(FUNCTION));
    expect(handler?.Properties.LoggingConfig.LogGroup).toEqual(LogGroup);
    template.allResourcesProperties(LOG, { RetentionInDays: 30 });
    closed.allResourcesProperties(LOG, { RetentionInDays: 7 });
    template.resourceCountIs(LOG, 2);
  });

  test("knows its table and the allowed origins, and no other engine than AWS's", () => {
    const Variables = {
      TABLE_NAME: { Ref: logicalId(TABLE) },
      ALLOWED_ORIGINS: "*",
      ID_BLOCK_SIZE: "1",
      REFERENCE_CACHE_SECONDS: "60",
      LOG_LEVEL: "INFO",
    };
    const [handler] = Object.values(template.findResources(FUNCTION));
    expect(handler?.Properties.Environment).toEqual({ Variables });
    expect(JSON.stringify(template.toJSON())).not.toContain("AWS_ENDPOINT_URL");
  });

  test("may do three things with one table, write one log and send traces", () => {
    const table = { "Fn::GetAtt": [logicalId(TABLE), "Arn"] };
    const log = {
      "Fn::GetAtt": [expect.stringMatching(/^FunctionLog/), "Arn"],
    };
    const policies = Object.values(template.findResources("AWS::IAM::Policy"));
    expect(policies).toHaveLength(1);
    const statements: unknown[] = policies[0]?.Properties.PolicyDocument.Statement;
    expect(statements).toHaveLength(3);
    expect(statements).toEqual(
      expect.arrayContaining([
        {
          Effect: "Allow",
          Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: log,
        },
        {
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
          Resource: table,
        },
      ]),
    );
    template.hasResourceProperties("AWS::IAM::Role", {
      ManagedPolicyArns: Match.absent(),
    });
  });

  test("takes the account's concurrency unless some is reserved for it", () => {
    template.hasResourceProperties(FUNCTION, {
      ReservedConcurrentExecutions: Match.absent(),
    });
    closed.hasResourceProperties(FUNCTION, {
      ReservedConcurrentExecutions: 25,
    });
  });
});

describe("the API", () => {
  test("has one route, for POST", () => {
    template.resourceCountIs("AWS::ApiGatewayV2::Route", 1);
    template.hasResourceProperties("AWS::ApiGatewayV2::Route", {
      RouteKey: "POST /api/study-sessions",
      AuthorizationType: "NONE",
    });
    template.hasResourceProperties("AWS::ApiGatewayV2::Integration", {
      PayloadFormatVersion: "2.0",
    });
  });

  test("allows the same origins as the function", () => {
    template.hasResourceProperties(API, {
      CorsConfiguration: {
        AllowOrigins: ["*"],
        AllowMethods: ["POST"],
        AllowHeaders: ["content-type", "idempotency-key"],
        ExposeHeaders: ["idempotent-replayed", "retry-after"],
        MaxAge: 7200,
      },
    });
    closed.hasResourceProperties(API, {
      CorsConfiguration: {
        AllowOrigins: ["https://portal.example", "http://localhost:5173"],
      },
    });
    closed.hasResourceProperties(FUNCTION, {
      Environment: {
        Variables: {
          ALLOWED_ORIGINS: "https://portal.example,http://localhost:5173",
        },
      },
    });
  });

  test("takes no more requests than the settings say", () => {
    template.hasResourceProperties(STAGE, {
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingRateLimit: 20,
        ThrottlingBurstLimit: 40,
      },
    });
    closed.hasResourceProperties(STAGE, {
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 8 },
    });
  });

  test("logs every request as JSON: who, what came of it, how long it took and what failed", () => {
    const [stage] = Object.values(template.findResources(STAGE));
    const { Format, DestinationArn } = stage?.Properties.AccessLogSettings ?? {};
    expect(DestinationArn).toEqual({
      "Fn::GetAtt": [expect.stringMatching(/^ApiAccessLog/), "Arn"],
    });
    expect(JSON.parse(Format)).toMatchObject({
      requestId: "$context.requestId",
      status: "$context.status",
      latencyMs: "$context.responseLatency",
      functionLatencyMs: "$context.integrationLatency",
      functionError: "$context.integrationErrorMessage",
    });
  });

  test("asks for a token of the issuer when there is one, and lets browsers send it", () => {
    template.resourceCountIs("AWS::ApiGatewayV2::Authorizer", 0);
    closed.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
      AuthorizerType: "JWT",
      JwtConfiguration: {
        Issuer: "https://login.portal.example/",
        Audience: ["portal", "admin"],
      },
    });
    closed.hasResourceProperties("AWS::ApiGatewayV2::Route", {
      AuthorizationType: "JWT",
      AuthorizerId: Match.anyValue(),
    });
    closed.hasResourceProperties(API, {
      CorsConfiguration: {
        AllowHeaders: ["content-type", "idempotency-key", "authorization"],
      },
    });
  });
});

describe("the alarms", () => {
  const METRICS: [string, string, object][] = [
    ["5xx share", "5xx", { Threshold: 5 }],
    ["p99 latency", "Latency", { Threshold: 2000, EvaluationPeriods: 3 }],
    ["function errors", "Errors", { Threshold: 1 }],
    ["function throttles", "Throttles", { Threshold: 1 }],
    ["throttled reads", "ReadThrottleEvents", { Threshold: 10 }],
    ["throttled writes", "WriteThrottleEvents", { Threshold: 10 }],
    ["system errors of the table", "SystemErrors", { Threshold: 5 }],
    ["refused ids", "RefusedIds", { Threshold: 1 }],
  ];

  test.each(METRICS)("watch the %s", (_, metric, expected) => {
    const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).filter(({ Properties }) =>
      JSON.stringify(Properties).includes(`"MetricName":"${metric}"`),
    );
    expect(alarms).toEqual([
      {
        Type: expect.anything(),
        Properties: expect.objectContaining(expected),
      },
    ]);
  });

  test("are silent while nobody asks, and say what they mean", () => {
    template.resourceCountIs("AWS::CloudWatch::Alarm", 7);
    template.allResourcesProperties("AWS::CloudWatch::Alarm", {
      TreatMissingData: "notBreaching",
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmDescription: Match.anyValue(),
    });
  });

  test("write an e-mail if there is an address, when they begin and when they end", () => {
    template.resourceCountIs("AWS::SNS::Topic", 0);
    closed.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "owner@portal.example",
    });
    const topic = [{ Ref: Match.stringLikeRegexp("^AlarmsTopic") }];
    closed.allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: topic,
      OKActions: topic,
    });
  });

  test("of this account, and they alone, may publish to the topic", () => {
    closed.hasResourceProperties("AWS::SNS::TopicPolicy", {
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
});

test("the dashboard shows health, speed, load and cost", () => {
  const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const title of [
    "Alarms",
    "Requests cost, US dollars a day",
    "Requests",
    "Answers by status",
    "Latency at the gateway",
    "Cold starts",
    "Capacity consumed",
    "Last failures",
  ])
    expect(body).toContain(`\\"title\\":\\"${title}\\"`);
});

test("the outputs say where everything is", () => {
  expect(Object.keys(template.toJSON().Outputs).sort()).toEqual([
    "DashboardUrl",
    "Endpoint",
    "FunctionName",
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
  expect(JSON.stringify(closed.toJSON().Resources)).not.toMatch(named);
});
