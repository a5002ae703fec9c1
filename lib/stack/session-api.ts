import { Duration, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { CORS } from "../../functions/cors.ts";
import { type FunctionName, OPERATIONS, ROUTES } from "../../functions/routes.ts";
import { ExpiringLog } from "./expiring-log.ts";
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

interface Props {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
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
    for (const operation of OPERATIONS) {
      const { method, path, servedBy } = ROUTES[operation];
      this.httpApi.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: new HttpLambdaIntegration(servedBy, functions[servedBy]),
      });
    }
    this.log = new ExpiringLog(this, "AccessLog", settings);
    new HttpStage(this, "Stage", {
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
    if (authorizer === undefined) {
      Validations.of(this.httpApi).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Open by default: whoever wants it closed sets an issuer and an audience",
      });
    }
    this.endpoint = `${this.httpApi.apiEndpoint}${ROUTES.createStudySession.path}`;
  }
}
