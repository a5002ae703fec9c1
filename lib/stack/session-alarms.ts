import { Aws } from "aws-cdk-lib";
import { Alarm, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { FilterPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import {
  functionErrors,
  functionThrottles,
  PERIOD,
  type SessionFunctions,
  slowestDuration,
  tableSystemErrors,
  tableThrottles,
} from "./alarm-metrics.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import { RouteMetrics } from "./route-metrics.ts";
import type { TableInUse } from "./session-table.ts";

/** What the function logs when another request's session already has an id that the counter has just given out. */
export const REFUSED_ID_TEXT = "belongs to another request";

interface Props {
  /** Of the gateway. */
  readonly accessLog: LogGroup;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly email: string | undefined;
}

interface AlarmDefinition {
  readonly metric: IMetric;
  /** The alarm rings at this value and above. */
  readonly threshold: number;
  /** For how many times five minutes; 1 when left out. */
  readonly periods?: number;
  readonly meaning: string;
}

interface Measures extends Pick<Props, "functions" | "table"> {
  readonly failureShare: IMetric;
  readonly refusedIds: IMetric;
}

const defineAlarms = ({
  functions,
  table,
  failureShare,
  refusedIds,
}: Measures): Record<string, AlarmDefinition> => ({
  FailureShare: {
    metric: failureShare,
    threshold: 5,
    meaning:
      "On one route at least 5 % of the requests, and more than two, were answered with 5xx. Look at the last failures on the dashboard: the logs of the functions say why",
  },
  Latency: {
    // Without a cold start, which comes before. Past two seconds, calls to the database are being repeated.
    metric: slowestDuration(functions),
    threshold: 2000,
    periods: 3,
    meaning:
      "For a quarter of an hour the slowest 1 % of the creates, or of the reads, took a function 2 s or more. Look whether DynamoDB throttles or is slow",
  },
  FunctionErrors: {
    metric: functionErrors(functions),
    threshold: 1,
    meaning:
      "A function crashed or ran out of time or memory: every other failure is answered without this. Look at the function's log",
  },
  FunctionThrottles: {
    metric: functionThrottles(functions),
    threshold: 1,
    meaning:
      "Lambda had no room for a request: raise the account's concurrency or reservedConcurrency, or lower throttleRate or listThrottleRate",
  },
  TableThrottles: {
    // The SDK repeats throttled calls; a few of them are no loss.
    metric: tableThrottles(table),
    threshold: 10,
    meaning: "DynamoDB refused calls: raise maxReadUnits or maxWriteUnits, or look for a hot key",
  },
  TableSystemErrors: {
    metric: tableSystemErrors(table, functions),
    threshold: 5,
    meaning: "DynamoDB itself failed: look at the health of the region",
  },
  RefusedIds: {
    metric: refusedIds,
    threshold: 1,
    meaning: `The counter gave out an id that is in use, as after restoring a backup. No session was overwritten. Raise the counter with: npm run verify -- --table ${table.tableName} --repair`,
  },
});

/** Each rings for something that its owner has to act on. No data is no alarm: nobody asked. */
export class SessionAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const refusedIds = new MetricFilter(this, "RefusedIdFilter", {
      logGroup: props.functions.CreateStudySession.log,
      filterPattern: FilterPattern.literal(`"${REFUSED_ID_TEXT}"`),
      metricNamespace: Aws.STACK_NAME,
      metricName: "RefusedIds",
    });
    const routes = new RouteMetrics(this, "Routes", props);
    const definitions = defineAlarms({
      ...props,
      failureShare: routes.worstFailureShare(),
      refusedIds: refusedIds.metric({ statistic: "Sum", period: PERIOD }),
    });
    this.all = Object.entries(definitions).map(([name, definition]) => this.createAlarm(name, definition));
    if (props.email === undefined) return;
    const action = new SnsAction(new AlarmTopic(this, "Topic", { email: props.email }));
    for (const alarm of this.all) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  private createAlarm(id: string, { metric, threshold, periods = 1, meaning }: AlarmDefinition) {
    return new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      alarmDescription: meaning,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
