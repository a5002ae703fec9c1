import { Aws, Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, type IMetric, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { FilterPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";

/** What the function logs when another request's session already has an id that the counter has just given out. */
export const REFUSED_ID_TEXT = "belongs to another request";

const period = Duration.minutes(5);

/** DynamoDB has no data for what did not happen, and `+` knows no sum with it. */
const sum = (label: string, usingMetrics: Record<string, IMetric>) =>
  new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`)}])`,
    usingMetrics,
    label,
    period,
  });

/** In percent; 0 for up to two failures, which are a large share of a quiet five minutes. */
const failureShare = (api: HttpApi) =>
  new MathExpression({
    expression: "IF(failures > 2, 100 * failures / requests, 0)",
    usingMetrics: {
      failures: api.metricServerError({ statistic: "Sum", period }),
      requests: api.metricCount({ statistic: "Sum", period }),
    },
    label: "5xx share",
    period,
  });

const throttles = (table: Table) =>
  sum("Throttled calls", {
    reads: table.metric("ReadThrottleEvents", { statistic: "Sum", period }),
    writes: table.metric("WriteThrottleEvents", { statistic: "Sum", period }),
  });

const systemErrors = (table: Table) => {
  const ofOperation = (Operation: string) =>
    table.metric("SystemErrors", {
      statistic: "Sum",
      period,
      dimensionsMap: { TableName: table.tableName, Operation },
    });
  return sum("System errors", {
    gets: ofOperation("GetItem"),
    puts: ofOperation("PutItem"),
    updates: ofOperation("UpdateItem"),
  });
};

interface Props {
  readonly api: HttpApi;
  readonly handler: IFunction;
  readonly table: Table;
  readonly log: LogGroup;
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

const defineAlarms = (
  { api, handler, table }: Props,
  refusedIds: IMetric,
): Record<string, AlarmDefinition> => ({
  FailureShare: {
    metric: failureShare(api),
    threshold: 5,
    meaning:
      "At least 5 % of the requests, and more than two, were answered with 5xx. The function's log says why",
  },
  Latency: {
    // A first request after a pause takes half a second. Past two, calls to the database are being repeated.
    metric: api.metricLatency({ statistic: "p99", period }),
    threshold: 2000,
    periods: 3,
    meaning: "For a quarter of an hour the slowest 1 % of the requests took 2 s or more",
  },
  FunctionErrors: {
    metric: handler.metricErrors({ period }),
    threshold: 1,
    meaning: "The function crashed or ran out of time or memory: it answers every other failure by itself",
  },
  FunctionThrottles: {
    metric: handler.metricThrottles({ period }),
    threshold: 1,
    meaning:
      "Lambda had no room for a request: raise the account's concurrency or reservedConcurrency, or lower throttleRate",
  },
  TableThrottles: {
    // The SDK repeats throttled calls; a few of them are no loss.
    metric: throttles(table),
    threshold: 10,
    meaning: "DynamoDB refused calls: raise maxReadUnits and maxWriteUnits, or look for a hot key",
  },
  TableSystemErrors: {
    metric: systemErrors(table),
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
      logGroup: props.log,
      filterPattern: FilterPattern.literal(`"${REFUSED_ID_TEXT}"`),
      metricNamespace: Aws.STACK_NAME,
      metricName: "RefusedIds",
    });
    const definitions = defineAlarms(props, refusedIds.metric({ statistic: "Sum", period }));
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
