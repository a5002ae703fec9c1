import { CfnOutput, Stack, Tags } from "aws-cdk-lib";
import { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { type FunctionName, ROUTES } from "../../functions/routes.ts";
import { SessionAlarms } from "./monitoring/session-alarms.ts";
import { SessionDashboard } from "./monitoring/session-dashboard.ts";
import { SessionApi } from "./session-api.ts";
import { SessionFunction } from "./session-function.ts";
import { SessionTable, type TableInUse } from "./session-table.ts";
import type { Settings } from "./settings/settings.ts";

type Watched = ConstructorParameters<typeof SessionAlarms>[2];

/** Alarms that reach nobody are not worth their price. Production has them all the same, and the synthesis warns. */
const isWatched = ({ stage, alarmEmail, alarmTopicArn }: Settings) =>
  stage === "prod" || alarmEmail !== undefined || alarmTopicArn !== undefined;

/** The stack has the gateway, the two functions behind it, their table, and the alarms and dashboard. */
export class StudySessionsStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, SessionFunction>>;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: "Study sessions: /api/study-sessions",
      terminationProtection: settings.protection,
    });
    const table = this.createTable(settings);
    this.functions = this.createFunctions(table, settings);
    const { functions } = this;
    const api = new SessionApi(this, "Api", { functions, settings });

    Tags.of(this).add("service", "study-sessions");
    Tags.of(this).add("stage", settings.stage);

    new CfnOutput(this, "ApiUrl", { value: api.url });
    new CfnOutput(this, "Endpoint", { value: `${api.url}${ROUTES.createStudySession.path}` });
    new CfnOutput(this, "TableName", { value: table.tableName });
    new CfnOutput(this, "FunctionName", { value: functions.write.handler.functionName });
    new CfnOutput(this, "ReaderFunctionName", { value: functions.read.handler.functionName });
    if (isWatched(settings))
      this.watch({ httpApi: api.httpApi, accessLog: api.log, functions, table, settings });
    if (api.domain === undefined) return;
    new CfnOutput(this, "DomainTarget", { value: api.domain.regionalDomainName });
    new CfnOutput(this, "DomainTargetZoneId", { value: api.domain.regionalHostedZoneId });
  }

  /** The stack's own table stays while another one is in use, so that removing `tableName` switches back. */
  private createTable(settings: Settings): TableInUse {
    const ownTable = new SessionTable(this, "Table", settings);
    const { tableName } = settings;
    return tableName === undefined ? ownTable : Table.fromTableName(this, "TableInUse", tableName);
  }

  private watch(watched: Watched) {
    const { all: alarms } = new SessionAlarms(this, "Alarms", watched);
    const dashboard = new SessionDashboard(this, "Dashboard", { ...watched, alarms });
    new CfnOutput(this, "DashboardUrl", { value: dashboard.url });
  }

  private createFunctions(table: TableInUse, settings: Settings) {
    return {
      write: new SessionFunction(this, "write", {
        environment: {
          ID_BLOCK_SIZE: String(settings.idBlockSize),
          REFERENCE_CACHE_SECONDS: String(settings.referenceCacheSeconds),
        },
        operations: ["GetItem", "PutItem", "UpdateItem"],
        reservedConcurrency: settings.reservedConcurrency,
        table,
        settings,
      }),
      read: new SessionFunction(this, "read", {
        operations: ["GetItem", "BatchGetItem"],
        table,
        settings,
      }),
    };
  }
}
