import { type IWidget, LogQueryWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { SessionFunctions } from "./alarm-metrics.ts";

const logTable = (title: string, logs: readonly LogGroup[], lines: readonly string[]): IWidget =>
  new LogQueryWidget({
    title,
    width: 12,
    logGroupNames: logs.map(({ logGroupName }) => logGroupName),
    queryLines: [...lines],
  });

const logsOf = (functions: SessionFunctions) => Object.values(functions).map(({ log }) => log);

/** @param accessLog - the log of the gateway */
export const responsesByRoute = (accessLog: LogGroup) =>
  logTable(
    "Responses by route and status",
    [accessLog],
    ["stats count(*) as responses, pct(latencyMs, 99) as p99Ms by routeKey, status", "sort responses desc"],
  );

export const coldStarts = (functions: SessionFunctions) =>
  logTable("Cold starts", logsOf(functions), [
    'filter type = "platform.report"',
    "stats count(*) as invocations, count(record.metrics.initDurationMs) as coldStarts, pct(record.metrics.initDurationMs, 99) as p99InitMs by @log, bin(1h)",
  ]);

/** Logs Insights reads true as 1 and false as 0. */
export const replays = ({ write: { log } }: SessionFunctions) =>
  logTable(
    "Creates and replays",
    [log],
    [
      "filter ispresent(replayed)",
      "stats count(*) as responses, sum(replayed) as replays, count_distinct(keyHash) as keys by bin(1h)",
    ],
  );

export const refusedIds = ({ write: { log } }: SessionFunctions) =>
  logTable(
    "Refused ids",
    [log],
    [
      "fields @timestamp, requestId, refusedId",
      "filter ispresent(refusedId)",
      "sort @timestamp desc",
      "limit 20",
    ],
  );

/** Lambda logs an error in its own format when a function crashes, and a report when a function runs out of time. */
export const lastFailures = (functions: SessionFunctions) =>
  logTable("Last failures", logsOf(functions), [
    "fields @timestamp, status, coalesce(error, message.errorMessage, record.status) as failure, coalesce(cause, message.errorType) as reason, unreadableKey, coalesce(requestId, record.requestId) as request",
    'filter level = "ERROR" or record.status in ["error", "timeout"]',
    "sort @timestamp desc",
    "limit 20",
  ]);
