import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { TableInUse } from "../session-table.ts";
import {
  functionErrors,
  functionThrottles,
  type SessionFunctions,
  slowestDuration,
  tableSystemErrors,
  tableThrottles,
} from "./alarm-metrics.ts";
import type { RouteMetrics } from "./route-metrics.ts";

export interface AlarmDefinition {
  readonly metric: IMetric;
  /** The alarm rings at this value and above. */
  readonly threshold: number;
  /** For so many of the metric's periods in a row; 1 when left out. */
  readonly periods?: number;
  /** When it rings, and what to do then. */
  readonly meaning: string;
}

interface Measures {
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly routes: RouteMetrics;
  readonly refusedIds: IMetric;
}

/** Each alarm rings for something that the service's owner has to act on. */
export const defineAlarms = ({
  functions,
  table,
  routes,
  refusedIds,
}: Measures): Record<string, AlarmDefinition> => ({
  FailureShare: {
    metric: routes.failureShare(),
    threshold: 5,
    meaning:
      'Within five minutes, one route answered more than two requests, and at least 5 % of its requests, with 5xx. Open the dashboard: "Last failures" shows the causes',
  },
  LastingFailures: {
    metric: routes.lastingFailureShare(),
    threshold: 10,
    meaning:
      'Within six hours, one route answered more than two requests, and at least 10 % of its requests, with 5xx. This alarm finds an outage while there are few requests. Open the dashboard: "Last failures" shows the causes. After the repair the alarm can stay on for up to six hours',
  },
  Latency: {
    // Without a cold start, which comes before. Past two seconds, calls to the database are being repeated.
    metric: slowestDuration(functions),
    threshold: 2000,
    periods: 3,
    meaning:
      "For a quarter of an hour, the slowest 1 % of the creates or of the reads took a function 2 s or more. Look whether the alarm TableThrottles is on too, and whether DynamoDB is slow in this region",
  },
  FunctionErrors: {
    metric: functionErrors(functions),
    threshold: 1,
    meaning:
      'A function crashed, or ran out of time or memory. All other failures are answered without this. Open the dashboard: "Last failures" shows the crash',
  },
  FunctionThrottles: {
    metric: functionThrottles(functions),
    threshold: 1,
    meaning:
      "Lambda had no room for a request. Raise the account's concurrency or reservedConcurrency, or lower throttleRate or listThrottleRate",
  },
  GatewayThrottles: {
    // A burst, as when a class begins, is over before the third period, and the clients repeat their requests.
    metric: routes.throttledRequests(),
    threshold: 10,
    periods: 3,
    meaning:
      "For a quarter of an hour, the gateway answered at least 10 requests with 429 every five minutes. The limit is of all clients together, so that one client can use it up: look for its sourceIp in the gateway's log. If the requests are wanted, raise throttleRate and throttleBurst, or listThrottleRate and listThrottleBurst",
  },
  ClientErrorShare: {
    metric: routes.clientErrorShare(),
    threshold: 50,
    meaning:
      'Within an hour, one route answered at least 10 requests, and at least half of its requests, with 4xx other than 429. Open the dashboard: "Answers by route and status" shows which. 404 to creates: import the groups and study activities. 401: check jwtIssuer and jwtAudience. 400, 415 or 422: a client sends wrong requests',
  },
  TableThrottles: {
    // The SDK repeats throttled calls; a few of them are no loss.
    metric: tableThrottles(table),
    threshold: 10,
    meaning:
      "DynamoDB refused calls. If an import is running, wait for its end. Otherwise raise maxReadUnits or maxWriteUnits, or look for a hot key",
  },
  TableSystemErrors: {
    metric: tableSystemErrors(table, functions),
    threshold: 5,
    meaning:
      "DynamoDB itself failed. Look at the health of the region, and wait: clients repeat their requests",
  },
  RefusedIds: {
    metric: refusedIds,
    threshold: 1,
    meaning: `The counter gave out an id that is in use, as after restoring a backup. No session was overwritten. Raise the counter with: npm run verify -- --table ${table.tableName} --repair`,
  },
});
