import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { MEMORY_MB } from "../function-memory.ts";
import type { TableInUse } from "../session-table.ts";
import { metricsOf, type SessionFunctions } from "./alarm-metrics.ts";
import { DOLLARS } from "./prices.ts";

/** Adds up metrics. A function without traffic has no data, and `+` has no result without data. */
const sumOf = (metrics: Readonly<Record<string, IMetric>>) =>
  `SUM([${Object.keys(metrics).map((name) => `FILL(${name}, 0)`)}])`;

const withPrefix = (prefix: string, metrics: Readonly<Record<string, IMetric>>) =>
  Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [`${prefix}${name}`, metric]));

interface Props {
  readonly httpApi: HttpApi;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
}

/** Computes the cost of requests, in US dollars a day. */
export const requestCost = ({ httpApi, functions, table }: Props) => {
  const invocations = withPrefix(
    "invocations",
    metricsOf(functions, (handler) => handler.metricInvocations()),
  );
  const ms = withPrefix(
    "ms",
    metricsOf(functions, (handler) => handler.metricDuration({ statistic: "Sum" })),
  );
  return new MathExpression({
    label: "US dollars",
    period: Duration.days(1),
    expression: `(${[
      `requests * ${DOLLARS.millionRequests}`,
      `${sumOf(invocations)} * ${DOLLARS.millionInvocations}`,
      `reads * ${DOLLARS.millionReadUnits}`,
      `writes * ${DOLLARS.millionWriteUnits}`,
    ].join(" + ")}) / 1000000 + ${sumOf(ms)} / 1000 * ${MEMORY_MB / 1024} * ${DOLLARS.gigabyteSecond}`,
    usingMetrics: {
      requests: httpApi.metricCount({ statistic: "Sum" }),
      ...invocations,
      ...ms,
      reads: table.metricConsumedReadCapacityUnits(),
      writes: table.metricConsumedWriteCapacityUnits(),
    },
  });
};
