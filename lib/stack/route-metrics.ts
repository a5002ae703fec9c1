import { Aws } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type JsonPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { OPERATIONS, type Operation, ROUTES, routeKeyOf } from "../../functions/routes.ts";
import { PERIOD } from "./alarm-metrics.ts";

/** The gateway logs a request without a route with this route key. */
const NO_ROUTE = "-";

const HAS_ROUTE = FilterPattern.stringValue("$.routeKey", "!=", NO_ROUTE);
const HAS_FAILED = FilterPattern.stringValue("$.status", "=", "5*");

/** 0 for up to two failures, which are a large share of a quiet five minutes. */
const shareOf = (operation: Operation) => {
  const failures = `${operation}Failures`;
  return `FILL(IF(${failures} > 2, 100 * ${failures} / ${operation}Requests, 0), 0)`;
};

/**
 * Requests and failures of each route, counted from the gateway's log: the gateway's own metrics are of the whole API,
 * where many reads hide failing creates. Its detailed metrics are of each route, but cost $0.30 a month for each of six
 * metrics; of these two, the failures cost nothing while there are none.
 */
export class RouteMetrics extends Construct {
  private readonly requests: MetricFilter;
  private readonly failures: MetricFilter;

  constructor(scope: Construct, id: string, { accessLog }: { readonly accessLog: LogGroup }) {
    super(scope, id);
    this.requests = this.countByRoute("Requests", accessLog, HAS_ROUTE);
    this.failures = this.countByRoute("Failures", accessLog, FilterPattern.all(HAS_ROUTE, HAS_FAILED));
  }

  /** In percent, of the route where the share is highest. */
  worstFailureShare() {
    return new MathExpression({
      expression: `MAX([${OPERATIONS.map(shareOf)}])`,
      usingMetrics: Object.fromEntries(
        OPERATIONS.flatMap((operation) => [
          [`${operation}Requests`, this.metricOf(this.requests, operation)],
          [`${operation}Failures`, this.metricOf(this.failures, operation)],
        ]),
      ),
      label: "Highest 5xx share of a route",
      period: PERIOD,
    });
  }

  private countByRoute(metricName: string, logGroup: LogGroup, filterPattern: JsonPattern) {
    return new MetricFilter(this, metricName, {
      logGroup,
      filterPattern,
      metricNamespace: Aws.STACK_NAME,
      metricName,
      dimensions: { Route: "$.routeKey" },
    });
  }

  private metricOf(filter: MetricFilter, operation: Operation) {
    const dimensionsMap = { Route: routeKeyOf(ROUTES[operation]) };
    return filter.metric({ statistic: "Sum", period: PERIOD, dimensionsMap });
  }
}
