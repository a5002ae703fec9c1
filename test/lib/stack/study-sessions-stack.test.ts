import { describe, expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { OPERATIONS, ROUTES, routeKeyOf } from "../../../functions/routes.ts";
import { synthesize } from "../../support/synthesize.ts";

// Synthesizing runs the rules of AwsSolutions as well: an unexplained finding fails every test here.
const { stack, template } = synthesize();
const { stack: devStack, template: dev } = synthesize({ stage: "dev" });
const { template: closed } = synthesize({
  allowedOrigins: "https://portal.example,http://localhost:5173",
  throttleRate: "5",
  throttleBurst: "8",
  listThrottleRate: "2",
  listThrottleBurst: "3",
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

/** The one resource of a type whose logical id begins so. */
const findById = (type: string, prefix: string, source = template) => {
  const found = Object.entries(source.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};

const TABLE = "AWS::DynamoDB::Table";
const FUNCTION = "AWS::Lambda::Function";
const API = "AWS::ApiGatewayV2::Api";
const ROUTE = "AWS::ApiGatewayV2::Route";
const INTEGRATION = "AWS::ApiGatewayV2::Integration";
const STAGE = "AWS::ApiGatewayV2::Stage";
const LOG = "AWS::Logs::LogGroup";

describe("the table", () => {
  test("is on demand up to a maximum throughput, and forgets idempotency records", () => {
    template.hasResourceProperties(TABLE, {
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      OnDemandThroughput: {
        MaxReadRequestUnits: 1200,
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

  test("goes with a production stack whose protection is off, and leaves a backup behind", () => {
    const { stack: lifted, template } = synthesize({ protection: "off" });
    template.hasResource(TABLE, {
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
      Properties: {
        DeletionProtectionEnabled: false,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
    expect(lifted.terminationProtection).toBe(false);
    expect(JSON.stringify(template.toJSON())).not.toContain("Retain");
  });

  test("is the only thing that a production stack keeps, with its logs", () => {
    const kept = Object.values(template.toJSON().Resources)
      .filter((resource) => Object(resource).DeletionPolicy === "Retain")
      .map((resource) => Object(resource).Type);
    expect(kept.sort()).toEqual([TABLE, LOG, LOG, LOG]);
    expect(JSON.stringify(dev.toJSON())).not.toContain("Retain");
  });
});

/** What the first part of their logical ids is, and what differs between the functions. */
const FUNCTIONS = [
  {
    id: "Function",
    operations: ["GetItem", "PutItem", "UpdateItem"],
    variables: { ID_BLOCK_SIZE: "1", REFERENCE_CACHE_SECONDS: "60" },
  },
  { id: "Reader", operations: ["BatchGetItem", "GetItem"], variables: {} },
];

test("there are two functions", () => {
  template.resourceCountIs(FUNCTION, FUNCTIONS.length);
  template.resourceCountIs(LOG, FUNCTIONS.length + 1);
});

test("the function that creates keeps its logical ids, so that no deployment replaces it", () => {
  expect(Object.keys(template.toJSON().Resources)).toEqual(
    expect.arrayContaining([
      "TableCD117FA1",
      "FunctionLogE54B7D7B",
      "FunctionRole8EE059BE",
      "FunctionCreateStudySessionD38D7B77",
    ]),
  );
});

describe.each(FUNCTIONS)("the function $id", ({ id, operations, variables }) => {
  test("ends before the gateway gives up, and is traced", () => {
    expect(findById(FUNCTION, id)).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: 1024,
      Timeout: 6,
      TracingConfig: { Mode: "Active" },
    });
  });

  test("logs JSON to a group of its own that forgets", () => {
    expect(findById(FUNCTION, id).LoggingConfig).toEqual({
      LogFormat: "JSON",
      LogGroup: { Ref: expect.stringMatching(`^${id}Log`) },
    });
    expect(findById(LOG, `${id}Log`).RetentionInDays).toBe(30);
    expect(findById(LOG, `${id}Log`, closed).RetentionInDays).toBe(7);
  });

  test("knows its table and the allowed origins, and no other engine than AWS's", () => {
    const Variables = {
      TABLE_NAME: { Ref: logicalId(TABLE) },
      ALLOWED_ORIGINS: "*",
      LOG_LEVEL: "INFO",
      ...variables,
    };
    expect(findById(FUNCTION, id).Environment).toEqual({ Variables });
    expect(JSON.stringify(template.toJSON())).not.toContain("AWS_ENDPOINT_URL");
  });

  test(`may do nothing but ${operations.join(", ")} with one table, write one log and send traces`, () => {
    const table = { "Fn::GetAtt": [logicalId(TABLE), "Arn"] };
    const log = { "Fn::GetAtt": [expect.stringMatching(`^${id}Log`), "Arn"] };
    const { PolicyDocument, Roles } = findById("AWS::IAM::Policy", id);
    const role = { Ref: expect.stringMatching(`^${id}Role`) };
    expect(Roles).toEqual([role]);
    expect(findById(FUNCTION, id).Role).toEqual({
      "Fn::GetAtt": [role.Ref, "Arn"],
    });
    const statements: unknown[] = PolicyDocument.Statement;
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
          Action: operations.map((operation) => `dynamodb:${operation}`),
          Resource: table,
        },
      ]),
    );
    expect(findById("AWS::IAM::Role", id)).not.toHaveProperty("ManagedPolicyArns");
  });

  test("takes the account's concurrency unless some is reserved", () => {
    expect(findById(FUNCTION, id)).not.toHaveProperty("ReservedConcurrentExecutions");
  });
});

test("concurrency is reserved for creating alone, so that reading can't take it", () => {
  expect(findById(FUNCTION, "Function", closed).ReservedConcurrentExecutions).toBe(25);
  expect(findById(FUNCTION, "Reader", closed)).not.toHaveProperty("ReservedConcurrentExecutions");
});

describe("the API", () => {
  test("has three open routes", () => {
    const routes = Object.values(template.findResources(ROUTE)).map(({ Properties }) => Properties);
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      "GET /api/study-sessions",
      "GET /api/study-sessions/{id}",
      "POST /api/study-sessions",
    ]);
    template.allResourcesProperties(ROUTE, { AuthorizationType: "NONE" });
    template.allResourcesProperties(INTEGRATION, { PayloadFormatVersion: "2.0" });
  });

  test("sends creates to one function and reads to the other", () => {
    const functionOf = (routeKey: string) => {
      const routeId = logicalId(ROUTE, { RouteKey: routeKey }) ?? "";
      const [, [, { Ref: integration }]] = findById(ROUTE, routeId).Target["Fn::Join"];
      return findById(INTEGRATION, integration).IntegrationUri["Fn::GetAtt"][0];
    };
    expect(functionOf("POST /api/study-sessions")).toMatch(/^Function/);
    expect(functionOf("GET /api/study-sessions")).toMatch(/^Reader/);
    expect(functionOf("GET /api/study-sessions/{id}")).toMatch(/^Reader/);
  });

  test("allows the same origins as the functions", () => {
    template.hasResourceProperties(API, {
      CorsConfiguration: {
        AllowOrigins: ["*"],
        AllowMethods: ["GET", "POST"],
        AllowHeaders: ["content-type", "idempotency-key"],
        ExposeHeaders: ["idempotent-replayed", "location", "retry-after"],
        MaxAge: 7200,
      },
    });
    closed.hasResourceProperties(API, {
      CorsConfiguration: {
        AllowOrigins: ["https://portal.example", "http://localhost:5173"],
      },
    });
    closed.allResourcesProperties(FUNCTION, {
      Environment: {
        Variables: {
          ALLOWED_ORIGINS: "https://portal.example,http://localhost:5173",
        },
      },
    });
  });

  test("takes no more requests on a route than the settings say", () => {
    const limit = (ThrottlingRateLimit: number, ThrottlingBurstLimit: number) => ({
      ThrottlingRateLimit,
      ThrottlingBurstLimit,
    });
    template.hasResourceProperties(STAGE, {
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: limit(20, 40),
      RouteSettings: {
        "POST /api/study-sessions": limit(20, 40),
        "GET /api/study-sessions/{id}": limit(20, 40),
        "GET /api/study-sessions": limit(5, 10),
      },
    });
    closed.hasResourceProperties(STAGE, {
      DefaultRouteSettings: limit(5, 8),
      RouteSettings: {
        "POST /api/study-sessions": limit(5, 8),
        "GET /api/study-sessions/{id}": limit(5, 8),
        "GET /api/study-sessions": limit(2, 3),
      },
    });
  });

  test("has its routes before the stage that names them", () => {
    const [stage] = Object.values(template.findResources(STAGE));
    expect(stage?.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources(ROUTE))));
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
    closed.resourceCountIs(ROUTE, OPERATIONS.length);
    closed.allResourcesProperties(ROUTE, {
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
  const ALARM = "AWS::CloudWatch::Alarm";

  test.each([
    ["FailureShare", { Threshold: 5, EvaluationPeriods: 1 }],
    ["Latency", { Threshold: 2000, EvaluationPeriods: 3 }],
    ["FunctionErrors", { Threshold: 1, EvaluationPeriods: 1 }],
    ["FunctionThrottles", { Threshold: 1, EvaluationPeriods: 1 }],
    ["TableThrottles", { Threshold: 10, EvaluationPeriods: 1 }],
    ["TableSystemErrors", { Threshold: 5, EvaluationPeriods: 1 }],
    ["RefusedIds", { Threshold: 1, EvaluationPeriods: 1 }],
  ])("%s rings at %j", (name, expected) => {
    expect(findById(ALARM, `Alarms${name}`)).toMatchObject(expected);
  });

  interface Query {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string; readonly Dimensions: object[] };
    };
  }

  /** The name and the dimensions of the metrics in an alarm's expression. The expression has to use all of them. */
  const metricsOf = (name: string) => {
    const queries: Query[] = findById(ALARM, `Alarms${name}`).Metrics;
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
    for (const [name, pattern] of [
      ["Requests", '{ $.routeKey != "-" }'],
      ["Failures", '{ ($.routeKey != "-") && ($.status = "5*") }'],
    ] as const)
      expect(findById("AWS::Logs::MetricFilter", `AlarmsRoutes${name}`)).toEqual({
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

  test("the table's alarms watch every operation that a function may use", () => {
    const operations = new Set(FUNCTIONS.flatMap((each) => each.operations));
    const table = { Name: "TableName", Value: { Ref: logicalId(TABLE) } };
    expect(metricsOf("TableSystemErrors")).toEqual(
      [...operations].map((operation) => ["SystemErrors", [{ Name: "Operation", Value: operation }, table]]),
    );
    expect(metricsOf("TableThrottles")).toEqual([
      ["ReadThrottleEvents", [table]],
      ["WriteThrottleEvents", [table]],
    ]);
  });

  test("RefusedIds counts lines of the function that creates", () => {
    expect(findById("AWS::Logs::MetricFilter", "AlarmsRefusedIdFilter").LogGroupName).toEqual({
      Ref: expect.stringMatching(/^FunctionLog/),
    });
    expect(findById(ALARM, "AlarmsRefusedIds").MetricName).toBe("RefusedIds");
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

/** The dashboard's widgets as JSON, by their titles. Resources appear by their logical ids. */
const readWidgets = () => {
  const [, parts] = findById("AWS::CloudWatch::Dashboard", "Dashboard").DashboardBody["Fn::Join"];
  const texts = parts.map((part: unknown) => (typeof part === "string" ? part : Object(part).Ref));
  const { widgets }: { widgets: { properties: { title: string } }[] } = JSON.parse(texts.join(""));
  return new Map(widgets.map((widget) => [widget.properties.title, JSON.stringify(widget)]));
};

test("the dashboard shows health, speed, load and cost", () => {
  expect([...readWidgets().keys()]).toEqual([
    "Alarms",
    "Requests cost, US dollars a day",
    "Requests",
    "Answers by route and status",
    "Latency at the gateway",
    "Duration of CreateStudySession",
    "CreateStudySession",
    "Duration of ReadStudySessions",
    "ReadStudySessions",
    "Cold starts",
    "Capacity consumed",
    "Last failures",
  ]);
});

test("the dashboard's cost, cold starts and failures are of both functions", () => {
  const widgets = readWidgets();
  for (const id of ["FunctionCreateStudySession", "ReaderReadStudySessions"])
    for (const metric of ["Invocations", "Duration"])
      expect(widgets.get("Requests cost, US dollars a day")).toMatch(
        new RegExp(`"${metric}","FunctionName","${id}`),
      );
  for (const title of ["Cold starts", "Last failures"])
    expect(widgets.get(title)).toMatch(/SOURCE 'FunctionLog\w+' \| SOURCE 'ReaderLog\w+'/);
});

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
  expect(JSON.stringify(closed.toJSON().Resources)).not.toMatch(named);
});
