import { Aws, Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import {
  FilterPattern,
  type JsonPattern,
  type LogGroup,
  MetricFilter,
  type MetricFilterOptions,
} from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { OPERATIONS, type Operation, ROUTES, routeKeyOf } from "../../../functions/routes.ts";
import { combine, PERIOD } from "./alarm-metrics.ts";

/** The route key that the gateway logs for a request without a route. */
const NO_ROUTE = "-";

const HAS_ROUTE = FilterPattern.stringValue("$.routeKey", "!=", NO_ROUTE);
const HAS_FAILED = FilterPattern.stringValue("$.status", "=", "5*");
const IS_CLIENT_ERROR = FilterPattern.stringValue("$.status", "=", "4*");
const IS_THROTTLED = FilterPattern.stringValue("$.status", "=", "429");
const IS_NOT_THROTTLED = FilterPattern.stringValue("$.status", "!=", "429");

interface Share {
  readonly label: string;
  /** The metric whose share of the requests is taken. */
  readonly of: "Failures" | "ClientErrors";
  /** Fewer errors than this count as 0 %: with little traffic, a few are already a large share. */
  readonly least: number;
  /** The percentage from which on fewer errors count. With little traffic, an outage has few errors. */
  readonly large?: { readonly percent: number; readonly least: number };
  readonly period: Duration;
}

const expressionOf = (operation: Operation, { of, least, large }: Share) => {
  const count = `${operation}${of}`;
  const share = `100 * ${count} / ${operation}Requests`;
  const needed = large ? `IF(${share} >= ${large.percent}, ${large.least}, ${least})` : least;
  return `FILL(IF(${count} >= ${needed}, ${share}, 0), 0)`;
};

/**
 * Counts requests and errors of each route in the gateway's log. The gateway's own metrics cover the whole API, where
 * many reads hide failing creates. Its detailed metrics cover each route, but each of six costs $0.30 a month. Here, a
 * metric of errors costs nothing while there are no errors.
 */
export class RouteMetrics extends Construct {
  private readonly filters: Readonly<Record<"Requests" | Share["of"], MetricFilter>>;
  private readonly throttled: MetricFilter;

  constructor(scope: Construct, id: string, { accessLog }: { readonly accessLog: LogGroup }) {
    super(scope, id);
    const countByRoute = (metricName: string, filterPattern: JsonPattern) =>
      this.count(accessLog, { metricName, filterPattern, dimensions: { Route: "$.routeKey" } });
    this.filters = {
      Requests: countByRoute("Requests", HAS_ROUTE),
      Failures: countByRoute("Failures", FilterPattern.all(HAS_ROUTE, HAS_FAILED)),
      ClientErrors: countByRoute(
        "ClientErrors",
        FilterPattern.all(HAS_ROUTE, IS_CLIENT_ERROR, IS_NOT_THROTTLED),
      ),
    };
    this.throttled = this.count(accessLog, { metricName: "Throttled", filterPattern: IS_THROTTLED });
  }

  /** Computes the share of 5xx in percent, on the route where it is highest. */
  failureShare() {
    return this.worst({ label: "Highest 5xx share of a route", of: "Failures", least: 3, period: PERIOD });
  }

  /** Computes the same share over a longer period, in which a route with little traffic has some requests too. */
  lastingFailureShare() {
    return this.worst({
      label: "Highest 5xx share of a route",
      of: "Failures",
      least: 6,
      large: { percent: 10, least: 3 },
      period: Duration.hours(6),
    });
  }

  /** Computes the share of 4xx in percent, on the route where it is highest. 429 is not the client's error. */
  clientErrorShare() {
    return this.worst({
      label: "Highest 4xx share of a route",
      of: "ClientErrors",
      least: 20,
      large: { percent: 50, least: 10 },
      period: Duration.hours(1),
    });
  }

  /** Counts the requests to which the gateway responded with 429. */
  throttledRequests() {
    const throttled = this.throttled.metric({ statistic: "Sum", period: PERIOD });
    return combine("SUM", "Throttled requests", { throttled });
  }

  private worst(share: Share) {
    return new MathExpression({
      expression: `MAX([${OPERATIONS.map((operation) => expressionOf(operation, share))}])`,
      usingMetrics: Object.fromEntries(
        OPERATIONS.flatMap((operation) => [
          [`${operation}Requests`, this.metricOf("Requests", operation)],
          [`${operation}${share.of}`, this.metricOf(share.of, operation)],
        ]),
      ),
      label: share.label,
      period: share.period,
    });
  }

  private count(
    logGroup: LogGroup,
    options: Pick<MetricFilterOptions, "metricName" | "filterPattern" | "dimensions">,
  ) {
    return new MetricFilter(this, options.metricName, {
      ...options,
      logGroup,
      metricNamespace: Aws.STACK_NAME,
    });
  }

  private metricOf(name: "Requests" | Share["of"], operation: Operation) {
    const dimensionsMap = { Route: routeKeyOf(ROUTES[operation]) };
    return this.filters[name].metric({ statistic: "Sum", period: PERIOD, dimensionsMap });
  }
}
