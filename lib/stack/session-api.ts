import { Duration, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Construct } from "constructs";
import { CORS } from "../../functions/cors.ts";
import { type FunctionName, OPERATIONS, ROUTES, routeKeyOf } from "../../functions/routes.ts";
import { ExpiringLog } from "./expiring-log.ts";
import { routeLimits } from "./route-limits.ts";
import type { SessionFunction } from "./session-function.ts";
import type { Settings } from "./settings.ts";

const ACCESS_LOG = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  sourceIp: "$context.identity.sourceIp",
  routeKey: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  functionLatencyMs: "$context.integrationLatency",
  functionRequestId: "$context.integration.requestId",
  functionError: "$context.integrationErrorMessage",
  gatewayError: "$context.error.message",
  authorizerError: "$context.authorizer.error",
};

/** With an issuer the gateway itself answers 401 to requests without a token of his. */
const createAuthorizer = ({ jwtIssuer, jwtAudience }: Settings) =>
  jwtIssuer && jwtAudience
    ? new HttpJwtAuthorizer("Jwt", jwtIssuer, {
        jwtAudience: jwtAudience.split(","),
      })
    : undefined;

const corsPreflight = (allowedOrigins: readonly string[], hasAuthorizer: boolean) => ({
  allowOrigins: [...allowedOrigins],
  allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
  allowHeaders: [...CORS.requestHeaders, ...(hasAuthorizer ? ["authorization"] : [])],
  exposeHeaders: [...CORS.exposedHeaders],
  maxAge: Duration.seconds(CORS.maxAgeSeconds),
});

/** A limit for each route, so that reading leaves the limit of creating alone. The form is that of CloudFormation. */
const routeSettings = (settings: Settings) => {
  const limits = routeLimits(settings);
  return Object.fromEntries(
    OPERATIONS.map((operation) => [
      routeKeyOf(ROUTES[operation]),
      { ThrottlingRateLimit: limits[operation].rate, ThrottlingBurstLimit: limits[operation].burst },
    ]),
  );
};

interface Props {
  readonly functions: Readonly<Record<FunctionName, SessionFunction>>;
  readonly settings: Settings;
}

/** The way in: an HTTP API with the routes of the service and one stage. */
export class SessionApi extends Construct {
  readonly httpApi: HttpApi;
  readonly log: ExpiringLog;
  readonly endpoint: string;

  constructor(scope: Construct, id: string, { functions, settings }: Props) {
    super(scope, id);
    const authorizer = createAuthorizer(settings);
    this.httpApi = new HttpApi(this, "HttpApi", {
      createDefaultStage: false,
      corsPreflight: corsPreflight(settings.allowedOrigins, authorizer !== undefined),
      ...(authorizer && { defaultAuthorizer: authorizer }),
    });
    const routes = OPERATIONS.flatMap((operation) => {
      const { method, path, servedBy } = ROUTES[operation];
      return this.httpApi.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: new HttpLambdaIntegration(servedBy, functions[servedBy].handler),
      });
    });
    this.log = new ExpiringLog(this, "AccessLog", settings);
    const stage = new HttpStage(this, "Stage", {
      httpApi: this.httpApi,
      autoDeploy: true,
      throttle: {
        rateLimit: settings.throttleRate,
        burstLimit: settings.throttleBurst,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    // AWS documents a limit of its own only for a route that is named in the settings of the stage, and does not say
    // whether routes share the stage's limit. The gateway refuses settings for a route that does not exist yet.
    stage.node.addDependency(...routes);
    const resource = stage.node.defaultChild;
    if (resource instanceof CfnStage) resource.routeSettings = routeSettings(settings);
    if (authorizer === undefined) {
      Validations.of(this.httpApi).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Open by default: whoever wants it closed sets an issuer and an audience",
      });
    }
    this.endpoint = `${this.httpApi.apiEndpoint}${ROUTES.createStudySession.path}`;
  }
}
