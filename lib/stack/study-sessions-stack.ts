import { CfnOutput, Stack, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { SessionAlarms } from "./session-alarms.ts";
import { SessionApi } from "./session-api.ts";
import { SessionDashboard } from "./session-dashboard.ts";
import { SessionFunction } from "./session-function.ts";
import { SessionTable } from "./session-table.ts";
import type { Settings } from "./settings.ts";

/** `POST /api/study-sessions`: the gateway, the function behind it, the table that it writes, and who watches them. */
export class StudySessionsStack extends Stack {
  readonly function: SessionFunction;
  readonly reader: SessionFunction;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: "POST /api/study-sessions",
      terminationProtection: settings.stage === "prod",
    });
    const table = new SessionTable(this, "Table", settings);
    this.function = new SessionFunction(this, "Function", {
      name: "CreateStudySession",
      entry: "write-function.ts",
      environment: { ID_BLOCK_SIZE: String(settings.idBlockSize) },
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      table,
      settings,
    });
    this.reader = new SessionFunction(this, "Reader", {
      name: "ReadStudySessions",
      entry: "read-function.ts",
      actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem"],
      table,
      settings,
    });
    const { handler, log } = this.function;
    const {
      httpApi: api,
      log: accessLog,
      endpoint,
    } = new SessionApi(this, "Api", {
      functions: { CreateStudySession: handler, ReadStudySessions: this.reader.handler },
      settings,
    });
    const { all: alarms } = new SessionAlarms(this, "Alarms", {
      api,
      handler,
      table,
      log,
      email: settings.alarmEmail,
    });
    const dashboard = new SessionDashboard(this, "Dashboard", {
      api,
      accessLog,
      handler,
      log,
      table,
      alarms,
    });

    Tags.of(this).add("service", "study-sessions");
    Tags.of(this).add("stage", settings.stage);

    new CfnOutput(this, "Endpoint", { value: endpoint });
    new CfnOutput(this, "TableName", { value: table.tableName });
    new CfnOutput(this, "FunctionName", { value: handler.functionName });
    new CfnOutput(this, "DashboardUrl", { value: dashboard.url });
  }
}
