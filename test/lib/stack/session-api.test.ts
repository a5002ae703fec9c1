import { expect, test } from "@jest/globals";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { OPERATIONS, ROUTES, routeKeyOf } from "../../../functions/routes.ts";
import { API, FUNCTION, findLogicalId, findResource, STAGE } from "../../support/find-resource.ts";
import { readTemplate } from "../../support/read-template.ts";
import { METHODS } from "../../support/served-operations.ts";
import { TEMPLATE_SETTINGS } from "../../support/template-settings.ts";

const { allowedOrigins, jwtIssuer, jwtAudience } = TEMPLATE_SETTINGS.changed;

const template = readTemplate("prod");
const closed = readTemplate("changed");

const ROUTE = "AWS::ApiGatewayV2::Route";
const INTEGRATION = "AWS::ApiGatewayV2::Integration";

test("the API has each route of the list, and all are open", () => {
  const routes = Object.values(template.findResources(ROUTE)).map(({ Properties }) => Properties);
  expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(
    OPERATIONS.map((operation) => routeKeyOf(ROUTES[operation])).sort(),
  );
  template.allResourcesProperties(ROUTE, { AuthorizationType: "NONE" });
  template.allResourcesProperties(INTEGRATION, { PayloadFormatVersion: "2.0" });
});

test.each(OPERATIONS)("the API sends %s to the function that serves it", (operation) => {
  const routeId = findLogicalId(template, ROUTE, { RouteKey: routeKeyOf(ROUTES[operation]) }) ?? "";
  const [, [, { Ref: integration }]] = findResource(template, ROUTE, routeId).Target["Fn::Join"];
  const [logicalId] = findResource(template, INTEGRATION, integration).IntegrationUri["Fn::GetAtt"];
  expect(logicalId).toMatch({ write: /^Function/, read: /^Reader/ }[ROUTES[operation].servedBy]);
});

test.each([
  ["open", template, ["*"]],
  ["closed", closed, allowedOrigins],
])("the %s API responds to preflights, and lets pages send a token", (_, source, AllowOrigins) => {
  source.hasResourceProperties(API, {
    CorsConfiguration: {
      AllowOrigins,
      AllowMethods: METHODS,
      AllowHeaders: ["authorization", "content-type", "idempotency-key"],
      ExposeHeaders: ["idempotent-replayed", "location", "retry-after"],
      MaxAge: 7200,
    },
  });
});

test("the functions allow the same origins as the API", () => {
  template.allResourcesProperties(FUNCTION, { Environment: { Variables: { ALLOWED_ORIGINS: "*" } } });
  closed.allResourcesProperties(FUNCTION, {
    Environment: { Variables: { ALLOWED_ORIGINS: allowedOrigins.join() } },
  });
});

test("the API throttles each route as the settings say", () => {
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

test("the API has its routes before the stage that names them", () => {
  const [stage] = Object.values(template.findResources(STAGE));
  expect(stage?.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources(ROUTE))));
});

test("the API logs every request as JSON, with its status, latency and errors", () => {
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

/**
 * The gateway or AWS chooses these values. A client chooses paths, headers and host names. The issuer chooses the
 * `sub`.
 */
const BOUNDED =
  /^(requestId|requestTimeEpoch|identity\.sourceIp|routeKey|status|responseLatency|integrationLatency|integration\.requestId|integrationErrorMessage|error\.message|authorizer\.error|authorizer\.claims\.sub)$/;

test.each([
  ["open", template],
  ["closed", closed],
])("the log of the %s API has nothing that grows with what a client sends", (_, source) => {
  const { Format } = findResource(source, STAGE, "ApiStage").AccessLogSettings;
  const variables = [...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
  expect(variables).toHaveLength(Object.keys(JSON.parse(Format)).length);
  expect(variables.filter((name) => !BOUNDED.test(name))).toEqual([]);
});

test("the API requires a token when an issuer is set", () => {
  template.resourceCountIs("AWS::ApiGatewayV2::Authorizer", 0);
  closed.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
    AuthorizerType: "JWT",
    JwtConfiguration: { Issuer: jwtIssuer, Audience: jwtAudience },
  });
  closed.resourceCountIs(ROUTE, OPERATIONS.length);
  closed.allResourcesProperties(ROUTE, {
    AuthorizationType: "JWT",
    AuthorizerId: Match.anyValue(),
  });
});

test("the API logs the sub of the token where it requires tokens", () => {
  const formatOf = (source: Template) =>
    JSON.parse(findResource(source, STAGE, "ApiStage").AccessLogSettings.Format);
  expect(formatOf(template)).not.toHaveProperty("sub");
  expect(formatOf(closed)).toEqual({ ...formatOf(template), sub: "$context.authorizer.claims.sub" });
});

test("the API has a name for each stage in the console", () => {
  expect(findResource(template, API, "Api").Name).toBe("study-sessions prod");
  expect(findResource(readTemplate("dev"), API, "Api").Name).toBe("study-sessions dev");
});
