import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { FunctionName } from "../../../functions/routes.ts";
import type { SessionFunction } from "../session-function.ts";
import type { TableInUse } from "../session-table.ts";

/** The period of the metrics that alarms watch. */
export const PERIOD = Duration.minutes(5);

export type SessionFunctions = Readonly<Record<FunctionName, SessionFunction>>;

/** Combines metrics into one. Without traffic a metric has no data, and this gap must not hide the other metrics. */
export const combine = (by: "SUM" | "MAX", label: string, usingMetrics: Record<string, IMetric>) =>
  new MathExpression({
    expression: `${by}([${Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`)}])`,
    usingMetrics,
    label,
    period: PERIOD,
  });

/** Takes one metric of each function, under ids that an expression can use: they begin with a small letter. */
export const metricsOf = (functions: SessionFunctions, metricOf: (handler: IFunction) => IMetric) =>
  Object.fromEntries(
    Object.values(functions).map(({ handler }) => [`of${handler.node.id}`, metricOf(handler)]),
  );

export const functionErrors = (functions: SessionFunctions) =>
  combine(
    "SUM",
    "Errors",
    metricsOf(functions, (handler) => handler.metricErrors({ period: PERIOD })),
  );

export const functionThrottles = (functions: SessionFunctions) =>
  combine(
    "SUM",
    "Throttles",
    metricsOf(functions, (handler) => handler.metricThrottles({ period: PERIOD })),
  );

/** Takes the duration of the slower function: many quick reads must not hide slow creates. */
export const slowestDuration = (functions: SessionFunctions) =>
  combine(
    "MAX",
    "p99 duration",
    metricsOf(functions, (handler) => handler.metricDuration({ statistic: "p99", period: PERIOD })),
  );

export const tableThrottles = (table: TableInUse) =>
  combine("SUM", "Throttled calls", {
    reads: table.metric("ReadThrottleEvents", { statistic: "Sum", period: PERIOD }),
    writes: table.metric("WriteThrottleEvents", { statistic: "Sum", period: PERIOD }),
  });

/** Counts the responses with 5xx without the gateway's log, so that a lost log or a lost filter hides no outage. */
export const gatewayFailures = (httpApi: HttpApi) => httpApi.metricServerError({ period: Duration.hours(1) });
