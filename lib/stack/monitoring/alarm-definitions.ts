import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import { ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { TableInUse } from "../session-table.ts";
import {
  functionErrors,
  functionThrottles,
  gatewayFailures,
  type SessionFunctions,
  slowestDuration,
  tableThrottles,
} from "./alarm-metrics.ts";
import type { RouteMetrics } from "./route-metrics.ts";

export interface AlarmDefinition {
  readonly metric: IMetric;
  /** The alarm fires at this value and above, unless `comparison` says otherwise. */
  readonly threshold: number;
  readonly comparison?: ComparisonOperator;
  /** By default, missing data counts as OK: there was no traffic. */
  readonly missingData?: TreatMissingData;
  /** The number of periods in a row that have to reach the threshold. Defaults to 1. */
  readonly periods?: number;
  /** Says when the alarm fires, and what to do then. */
  readonly meaning: string;
}

interface Measures {
  readonly httpApi: HttpApi;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly routes: RouteMetrics;
  readonly refusedIds: IMetric;
  readonly certificate: ICertificate | undefined;
}

/** ACM renews its own certificates earlier than this. */
const CERTIFICATE_DAYS = 30;

const certificateExpiry = (certificate: ICertificate): AlarmDefinition => ({
  metric: certificate.metricDaysToExpiry(),
  threshold: CERTIFICATE_DAYS,
  comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
  // ACM publishes nothing any more when the certificate has expired: then the alarm has to stay in ALARM.
  missingData: TreatMissingData.IGNORE,
  meaning: `The certificate of the domain expires in ${CERTIFICATE_DAYS} days or less. ACM renews its own certificates earlier, as long as the DNS record that validates the domain exists: add the record again if it is missing. Renew an imported certificate, and import it again under the same ARN`,
});

/** Defines the alarms. Each one fires for something that the service's owner has to act on. */
export const defineAlarms = ({
  httpApi,
  functions,
  table,
  routes,
  refusedIds,
  certificate,
}: Measures): Record<string, AlarmDefinition> => ({
  FailureShare: {
    metric: routes.failureShare(),
    threshold: 5,
    meaning:
      'Within 5 minutes, one route responded with 5xx to at least 3 requests, and to at least 5 % of its requests. Open the dashboard: "Last failures" shows the causes',
  },
  LastingFailures: {
    metric: routes.lastingFailureShare(),
    threshold: 2,
    meaning:
      'Within 6 hours, one route responded with 5xx to at least 6 requests and at least 2 % of its requests, or to at least 3 requests and at least 10 %. Open the dashboard: "Last failures" shows the causes. This alarm finds an outage while there are few requests, and a small part of the requests that always fails. It can stay in ALARM for up to 6 hours after the repair',
  },
  GatewayFailures: {
    metric: gatewayFailures(httpApi),
    threshold: 20,
    meaning:
      'Within 1 hour, the gateway responded with 5xx to at least 20 requests, on all routes together. If FailureShare and LastingFailures are OK meanwhile, check that the log of the gateway gets entries, and that its four metric filters exist: four alarms see nothing without them. Otherwise open the dashboard: "Last failures" shows the causes',
  },
  Latency: {
    // The duration has no cold start in it. Above two seconds, calls to the database are being retried.
    metric: slowestDuration(functions),
    threshold: 2000,
    periods: 3,
    meaning:
      "For 15 minutes, the slowest 1 % of the creates or of the reads took a function 2 s or more. Check whether TableThrottles is in ALARM too, and whether DynamoDB is slow in this region",
  },
  FunctionErrors: {
    metric: functionErrors(functions),
    threshold: 1,
    meaning:
      'A function crashed, or ran out of time or memory. Open the dashboard: "Last failures" shows the crash. The functions respond to all other failures themselves',
  },
  FunctionThrottles: {
    metric: functionThrottles(functions),
    threshold: 1,
    meaning:
      "Lambda had no concurrency left for a request. Raise the account's concurrency or reservedConcurrency, or lower throttleRate or listThrottleRate",
  },
  GatewayThrottles: {
    // A burst, as when a class begins, is over before the third period, and the clients retry.
    metric: routes.throttledRequests(),
    threshold: 10,
    periods: 3,
    meaning:
      "For 15 minutes, the gateway responded with 429 to at least 10 requests every 5 minutes. All clients share the throttle, so one client can use it up. Look for its sourceIp in the log of the gateway. If the requests are wanted, raise throttleRate and throttleBurst, or listThrottleRate and listThrottleBurst",
  },
  ClientErrorShare: {
    metric: routes.clientErrorShare(),
    threshold: 20,
    meaning:
      'Within 1 hour, one route responded with 4xx other than 429 to at least 20 requests and at least 20 % of its requests, or to at least 10 requests and at least 50 %. Open the dashboard: "Responses by route and status" shows which errors. 404 to creates: import the groups and study activities. 401: check jwtIssuer and jwtAudience. 400, 415 or 422: a client sends wrong requests',
  },
  TableThrottles: {
    // The SDK retries throttled calls, so a few of them do no harm.
    metric: tableThrottles(table),
    threshold: 10,
    meaning:
      "Within 5 minutes, DynamoDB throttled at least 10 calls. If an import is running, wait until it ends. Otherwise raise maxReadUnits or maxWriteUnits, or look for a hot key",
  },
  RefusedIds: {
    metric: refusedIds,
    threshold: 1,
    meaning: `The counter gave out an id that is in use, for example after a restored backup. No session was overwritten. Raise the counter: npm run verify -- --table ${table.tableName} --repair`,
  },
  ...(certificate && { CertificateExpiry: certificateExpiry(certificate) }),
});
