import { Aws, Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  PeriodOverride,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { TableInUse } from "../session-table.ts";
import type { SessionFunctions } from "./alarm-metrics.ts";
import { coldStarts, lastFailures, refusedIds, replays, responsesByRoute } from "./log-tables.ts";
import { requestCost } from "./request-cost.ts";

interface Props {
  readonly httpApi: HttpApi;
  readonly accessLog: LogGroup;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly alarms: readonly Alarm[];
}

const graph = (title: string, unit: string, left: readonly IMetric[]): IWidget =>
  new GraphWidget({
    title,
    width: 12,
    left: [...left],
    leftYAxis: { label: unit, showUnits: false, min: 0 },
  });

const requests = (api: HttpApi) => {
  const usingMetrics = {
    all: api.metricCount({ statistic: "Sum" }),
    refused: api.metricClientError({ statistic: "Sum", label: "4xx" }),
    failed: api.metricServerError({ statistic: "Sum", label: "5xx" }),
  };
  return [
    new MathExpression({
      expression: "all - FILL(refused, 0) - FILL(failed, 0)",
      usingMetrics,
      label: "2xx",
    }),
    usingMetrics.refused,
    usingMetrics.failed,
  ];
};

const percentiles = (metric: (statistic: string) => IMetric) => ["p50", "p90", "p99"].map(metric);

const healthAndCost = (props: Props): IWidget[] => [
  new AlarmStatusWidget({
    title: "Alarms",
    width: 18,
    height: 4,
    alarms: [...props.alarms],
  }),
  new SingleValueWidget({
    title: "Requests cost, US dollars a day",
    width: 6,
    height: 4,
    metrics: [requestCost(props)],
    period: Duration.days(1),
  }),
];

const graphsOfFunction = (handler: IFunction): IWidget[] => [
  graph(
    `Duration of ${handler.node.id}`,
    "ms",
    percentiles((statistic) => handler.metricDuration({ statistic, label: statistic })),
  ),
  graph(handler.node.id, "in 5 minutes", [
    handler.metricInvocations(),
    handler.metricErrors(),
    handler.metricThrottles(),
  ]),
];

const details = ({ httpApi, accessLog, functions, table }: Props): IWidget[] => [
  graph("Requests", "in 5 minutes", requests(httpApi)),
  responsesByRoute(accessLog),
  graph(
    "Latency at the gateway",
    "ms",
    percentiles((statistic) => httpApi.metricLatency({ statistic, label: statistic })),
  ),
  ...Object.values(functions).flatMap(({ handler }) => graphsOfFunction(handler)),
  coldStarts(functions),
  graph("Capacity consumed", "units in 5 minutes", [
    table.metricConsumedReadCapacityUnits(),
    table.metricConsumedWriteCapacityUnits(),
  ]),
  replays(functions),
  refusedIds(functions),
  lastFailures(functions),
];

/** The dashboard for health, latency, load and cost. */
export class SessionDashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const dashboard = new Dashboard(this, "Dashboard", {
      defaultInterval: Duration.days(1),
      // Otherwise CloudWatch adapts the period of each widget to the time range shown, and "a day" can show five minutes.
      periodOverride: PeriodOverride.INHERIT,
    });
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards:name=${dashboard.dashboardName}`;
    dashboard.addWidgets(...healthAndCost(props));
    dashboard.addWidgets(...details(props));
  }
}
