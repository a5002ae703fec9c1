import { join } from "node:path";
import { Duration, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { type BundlingOptions, NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { Construct } from "constructs";
import { FUNCTION_TIMEOUT_SECONDS } from "../../functions/http/deadline.ts";
import type { FunctionName } from "../../functions/routes.ts";
import { ExpiringLog } from "./expiring-log.ts";
import { MEMORY_MB } from "./function-memory.ts";
import type { TableInUse } from "./session-table.ts";
import type { Settings } from "./settings/settings.ts";

const PROJECT = join(import.meta.dirname, "../..");

/**
 * CommonJS loads faster than an ES module here, and the SDK in the bundle loads faster than the runtime's own. esbuild
 * can't tree-shake the SDK's CommonJS files, so it bundles the SDK's ES modules, without the chain of credential providers.
 *
 * Lambda waits for the warm-up only if the file is an ES module. So the file is an ES module around CommonJS code.
 */
const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  // The bundle requires only modules of Node. createRequire would load Node's support for source maps.
  banner: "const require = process.getBuiltinModule, module = {};",
  footer:
    "await module.exports.ready; const lambdaHandler = module.exports.handler; export { lambdaHandler as handler };",
  bundleAwsSDK: true,
  mainFields: ["module", "main"],
  // DynamoDB has no event streams. The SDK would import this part on demand, and for that import esbuild would wrap
  // most of the SDK in initialisers that it can't tree-shake.
  externalModules: ["@smithy/core/event-streams"],
  esbuildArgs: {
    "--format": "cjs",
    // Identifiers keep their names, so that the stacks in the log stay readable.
    "--minify-whitespace": true,
    "--minify-syntax": true,
    "--alias:@aws-sdk/credential-provider-node": join(
      PROJECT,
      "functions/dynamodb/environment-credentials.ts",
    ),
  },
};

/**
 * The paths in a bundle are relative to `projectRoot`, so all machines make the same bundle. Without these two, the CDK
 * searches this folder and those above it for a lock file: in a workspace it finds the file of the root, and it refuses
 * two lock files. It would read the file only to install packages beside the bundle. There are none, so any file will do.
 */
const LOCATION = { projectRoot: PROJECT, depsLockFilePath: join(PROJECT, "package.json") };

/** The construct ids of each function. Logical ids come from them: another id would replace what is deployed. */
const CONSTRUCT_IDS: Readonly<Record<FunctionName, { readonly scope: string; readonly handler: string }>> = {
  write: { scope: "Function", handler: "CreateStudySession" },
  read: { scope: "Reader", handler: "ReadStudySessions" },
};

interface Props {
  readonly table: TableInUse;
  readonly settings: Settings;
  readonly environment?: Readonly<Record<string, string>>;
  /** The operations of DynamoDB that the function may use on the table. */
  readonly operations: readonly string[];
  /** Concurrency that the account keeps for this function. The function gets no more than this either. */
  readonly reservedConcurrency?: number | undefined;
}

/** A Lambda function with its log, and with the rights that its requests need and nothing else. */
export class SessionFunction extends Construct {
  readonly log: ExpiringLog;
  readonly handler: NodejsFunction;

  /** @param name - the function of `functions/<name>-function.ts` */
  constructor(scope: Construct, name: FunctionName, props: Props) {
    const ids = CONSTRUCT_IDS[name];
    super(scope, ids.scope);
    const { table, settings, environment, operations, reservedConcurrency } = props;
    const { allowedOrigins, logLevel } = settings;
    this.log = new ExpiringLog(this, "Log", settings);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.handler = new NodejsFunction(this, ids.handler, {
      role,
      entry: join(PROJECT, "functions", `${name}-function.ts`),
      ...LOCATION,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
      ...(reservedConcurrency && {
        reservedConcurrentExecutions: reservedConcurrency,
      }),
      tracing: Tracing.ACTIVE,
      logGroup: this.log,
      // Lambda's own lines become JSON too. The function's lines are JSON already, and stay unchanged.
      loggingFormat: LoggingFormat.JSON,
      environment: {
        TABLE_NAME: table.tableName,
        ALLOWED_ORIGINS: allowedOrigins.join(),
        LOG_LEVEL: logLevel,
        ...environment,
      },
      bundling: BUNDLING,
    });
    this.log.grantWrite(role);
    table.grant(role, ...operations.map((operation) => `dynamodb:${operation}`));
    Validations.of(role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "X-Ray's two actions for writing know no narrower resource",
    });
  }
}
