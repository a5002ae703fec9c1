import { Duration, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  ApiMapping,
  CfnStage,
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Construct } from "constructs";
import { CORS } from "../../functions/http/cors.ts";
import { type FunctionName, OPERATIONS, ROUTES, routeKeyOf } from "../../functions/routes.ts";
import { ExpiringLog } from "./expiring-log.ts";
import { resourceOf } from "./resource-of.ts";
import type { SessionFunction } from "./session-function.ts";
import { routeLimits } from "./settings/route-limits.ts";
import type { Settings } from "./settings/settings.ts";

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

/** Where the gateway checks tokens, a log entry names the `sub` of the token. */
const accessLog = (hasAuthorizer: boolean) => ({
  ...ACCESS_LOG,
  ...(hasAuthorizer && { sub: "$context.authorizer.claims.sub" }),
});

const createDomain = (scope: Construct, { domainName, certificateArn }: Settings) =>
  domainName && certificateArn
    ? new DomainName(scope, "DomainName", {
        domainName,
        certificate: Certificate.fromCertificateArn(scope, "Certificate", certificateArn),
        securityPolicy: SecurityPolicy.TLS_1_2,
      })
    : undefined;

/** With an issuer, the gateway itself responds with 401 to a request without a token of this issuer. */
const createAuthorizer = ({ jwtIssuer, jwtAudience }: Settings) =>
  jwtIssuer && jwtAudience
    ? new HttpJwtAuthorizer("Jwt", jwtIssuer, {
        jwtAudience: [...jwtAudience],
      })
    : undefined;

const corsPreflight = (allowedOrigins: readonly string[]) => ({
  allowOrigins: [...allowedOrigins],
  allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
  allowHeaders: [...CORS.requestHeaders],
  exposeHeaders: [...CORS.exposedHeaders],
  maxAge: Duration.seconds(CORS.maxAgeSeconds),
});

/**
 * Makes a throttle for each route, so that reads can't use up the throttle of creates. The names are those of
 * CloudFormation.
 */
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

/** The HTTP API with the routes of the service and one stage. */
export class SessionApi extends Construct {
  readonly httpApi: HttpApi;
  readonly log: ExpiringLog;
  /** The base URL, without `/api/study-sessions`. */
  readonly url: string;
  /** The custom domain, if one is configured, with the target for its DNS record. */
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, { functions, settings }: Props) {
    super(scope, id);
    const authorizer = createAuthorizer(settings);
    this.httpApi = new HttpApi(this, "HttpApi", {
      apiName: `study-sessions ${settings.stage}`,
      createDefaultStage: false,
      corsPreflight: corsPreflight(settings.allowedOrigins),
      ...(authorizer && { defaultAuthorizer: authorizer }),
    });
    const routes = OPERATIONS.flatMap((operation) => {
      const { method, path, servedBy } = ROUTES[operation];
      const { handler } = functions[servedBy];
      return this.httpApi.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: new HttpLambdaIntegration(handler.node.id, handler),
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
        format: AccessLogFormat.custom(JSON.stringify(accessLog(authorizer !== undefined))),
      },
    });
    // AWS documents a separate throttle only for a route that the stage's settings name, and does not say whether the
    // other routes share the stage's throttle. The gateway refuses settings for a route that does not exist yet.
    stage.node.addDependency(...routes);
    resourceOf(stage, CfnStage).routeSettings = routeSettings(settings);
    if (authorizer === undefined) {
      Validations.of(this.httpApi).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Open by default: an issuer and an audience close it",
      });
    }
    this.domain = createDomain(this, settings);
    if (this.domain)
      new ApiMapping(this, "DomainMapping", { api: this.httpApi, domainName: this.domain, stage });
    // The gateway's own address keeps working for clients that know it, with the same throttles and authorizer.
    this.url = this.domain === undefined ? this.httpApi.apiEndpoint : `https://${settings.domainName}`;
  }
}
