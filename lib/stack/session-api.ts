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

/** With tokens, an entry names whose token came with the request. */
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

/** With an issuer the gateway itself answers 401 to requests without a token of his. */
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
  /** What stands before `/api/study-sessions`. */
  readonly url: string;
  /** Of one's own, with what its DNS record has to name. */
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
    // AWS documents a limit of its own only for a route that is named in the settings of the stage, and does not say
    // whether routes share the stage's limit. The gateway refuses settings for a route that does not exist yet.
    stage.node.addDependency(...routes);
    resourceOf(stage, CfnStage).routeSettings = routeSettings(settings);
    if (authorizer === undefined) {
      Validations.of(this.httpApi).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Open by default: whoever wants it closed sets an issuer and an audience",
      });
    }
    this.domain = createDomain(this, settings);
    if (this.domain)
      new ApiMapping(this, "DomainMapping", { api: this.httpApi, domainName: this.domain, stage });
    // The gateway's own address stays as well, for those who know it: both have the same limits and the same authorizer.
    this.url = this.domain === undefined ? this.httpApi.apiEndpoint : `https://${settings.domainName}`;
  }
}
