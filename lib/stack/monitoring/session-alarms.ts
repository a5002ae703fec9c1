import { Aws } from "aws-cdk-lib";
import { Alarm, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { FilterPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { TableInUse } from "../session-table.ts";
import type { Settings } from "../settings/settings.ts";
import { type AlarmDefinition, defineAlarms } from "./alarm-definitions.ts";
import { PERIOD, type SessionFunctions } from "./alarm-metrics.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import { REFUSED_ID_TEXT } from "./refused-id-text.ts";
import { RouteMetrics } from "./route-metrics.ts";

interface Props {
  /** Of the gateway. */
  readonly accessLog: LogGroup;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly settings: Settings;
}

/** The alarms of the service and those whom they tell. No data is no alarm: nobody asked. */
export class SessionAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const refusedIds = new MetricFilter(this, "RefusedIdFilter", {
      logGroup: props.functions.write.log,
      filterPattern: FilterPattern.literal(`"${REFUSED_ID_TEXT}"`),
      metricNamespace: Aws.STACK_NAME,
      metricName: "RefusedIds",
    });
    const definitions = defineAlarms({
      ...props,
      routes: new RouteMetrics(this, "Routes", props),
      refusedIds: refusedIds.metric({ statistic: "Sum", period: PERIOD }),
    });
    this.all = Object.entries(definitions).map(([name, definition]) => this.createAlarm(name, definition));
    const actions = this.createTopics(props.settings).map((topic) => new SnsAction(topic));
    for (const alarm of this.all) {
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
    }
  }

  private createTopics({ alarmEmail, alarmTopicArn }: Settings): ITopic[] {
    return [
      ...(alarmEmail ? [new AlarmTopic(this, "Topic", { email: alarmEmail })] : []),
      ...(alarmTopicArn ? [Topic.fromTopicArn(this, "ExistingTopic", alarmTopicArn)] : []),
    ];
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
