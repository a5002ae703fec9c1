import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { CorsHttpMethod, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Architecture, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";
import { CORS, FUNCTION_TIMEOUT_SECONDS, ROUTE } from "../functions/http-api.ts";

interface Props extends StackProps {
  readonly allowedOrigins: readonly string[];
}

/** `POST /api/study-sessions`: the gateway, the function behind it and the table that the function writes. */
export class StudySessionsStack extends Stack {
  constructor(scope: Construct, id: string, { allowedOrigins, ...props }: Props) {
    super(scope, id, props);

    const table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "expires_at",
    });

    const handler = new NodejsFunction(this, "CreateStudySession", {
      entry: `${import.meta.dirname}/../functions/handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
      environment: {
        TABLE_NAME: table.tableName,
        ALLOWED_ORIGINS: allowedOrigins.join(),
      },
      // CommonJS loads faster than an ES module here, and the SDK in the bundle faster than the runtime's own.
      bundling: {
        format: OutputFormat.CJS,
        bundleAwsSDK: true,
        minify: true,
        keepNames: true,
      },
    });
    table.grant(handler, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem");

    const api = new HttpApi(this, "HttpApi", {
      corsPreflight: {
        allowOrigins: [...allowedOrigins],
        allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
        allowHeaders: [...CORS.requestHeaders],
        exposeHeaders: [...CORS.exposedHeaders],
        maxAge: Duration.seconds(CORS.maxAgeSeconds),
      },
    });
    api.addRoutes({
      path: ROUTE.path,
      methods: [HttpMethod[ROUTE.method]],
      integration: new HttpLambdaIntegration("CreateStudySession", handler),
    });

    new CfnOutput(this, "Endpoint", {
      value: `${api.apiEndpoint}${ROUTE.path}`,
    });
  }
}
