import { join } from "node:path";
import { Duration, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { type BundlingOptions, NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { Construct } from "constructs";
import { FUNCTION_TIMEOUT_SECONDS } from "../../functions/http/deadline.ts";
import { ExpiringLog } from "./expiring-log.ts";
import type { TableInUse } from "./session-table.ts";
import type { Settings } from "./settings/settings.ts";

const PROJECT = join(import.meta.dirname, "../..");

/**
 * Memory buys processor time: 1,769 MB are one processor. With the share that each buys, loading and the first request
 * took 0.8 s at 256 MB, 0.4 s at 512 and 0.2 s at 1,024. A small portal seldom finds the function warm, and for a
 * million requests 1,024 cost less than 10 cents more than 512. The process itself needs 130.
 */
export const MEMORY_MB = 1024;

/**
 * CommonJS loads faster than an ES module here, and the SDK in the bundle faster than the runtime's own. The SDK's
 * CommonJS files can't be shaken, so its ES modules are taken; and its chain of credential providers is left out.
 *
 * Only an ES module makes Lambda wait for the warm-up. So the file is one, around code that is CommonJS otherwise.
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
  // most of the SDK in initialisers that it can't shake.
  externalModules: ["@smithy/core/event-streams"],
  esbuildArgs: {
    "--format": "cjs",
    // Not the identifiers: the stacks in the log stay readable.
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

interface Props {
  readonly table: TableInUse;
  readonly settings: Settings;
  /** The id of the function's construct. */
  readonly name: string;
  /** A file of `functions/`. */
  readonly entry: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What the function may do with the table, by the names of DynamoDB's operations. */
  readonly operations: readonly string[];
  /** Kept for this function out of the account's concurrency. The function gets no more than this either. */
  readonly reservedConcurrency?: number | undefined;
}

/** What runs for a request, with the rights to do that and nothing else. */
export class SessionFunction extends Construct {
  readonly log: ExpiringLog;
  readonly handler: NodejsFunction;
  readonly operations: readonly string[];

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { table, settings, name, entry, environment, operations, reservedConcurrency } = props;
    const { allowedOrigins, logLevel } = settings;
    this.operations = operations;
    this.log = new ExpiringLog(this, "Log", settings);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.handler = new NodejsFunction(this, name, {
      role,
      entry: join(PROJECT, "functions", entry),
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
      // Lambda's own lines become JSON too; the function's are, and stay as they are.
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
