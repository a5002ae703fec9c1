import { Aws } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Alarm, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { FilterPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { TableInUse } from "../session-table.ts";
import type { Settings } from "../settings/settings.ts";
import { type AlarmDefinition, defineAlarms } from "./alarm-definitions.ts";
import { PERIOD, type SessionFunctions } from "./alarm-metrics.ts";
import { RouteMetrics } from "./route-metrics.ts";

interface Props {
  readonly httpApi: HttpApi;
  /** The log of the gateway. */
  readonly accessLog: LogGroup;
  readonly functions: SessionFunctions;
  readonly table: TableInUse;
  readonly settings: Settings;
}

/** Creates a topic that sends the alarms of this account to an address, whose owner has to confirm that once. */
const createMailTopic = (scope: Construct, email: string) => {
  const topic = new Topic(scope, "Topic", { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(email));
  // The policy that enforces TLS replaces the default one, which had let the account's alarms in.
  topic.grantPublish(
    new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
    }),
  );
  return topic;
};

/** The alarms and their notification targets. */
export class SessionAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const refusedIds = new MetricFilter(this, "RefusedIdFilter", {
      logGroup: props.functions.write.log,
      // The function logs each refused id once. Ids are positive.
      filterPattern: FilterPattern.numberValue("$.refusedId", ">", 0),
      metricNamespace: Aws.STACK_NAME,
      metricName: "RefusedIds",
    });
    const definitions = defineAlarms({
      ...props,
      routes: new RouteMetrics(this, "Routes", props),
      refusedIds: refusedIds.metric({ statistic: "Sum", period: PERIOD }),
      certificate: this.findCertificate(props.settings),
    });
    this.all = Object.entries(definitions).map(([name, definition]) => this.createAlarm(name, definition));
    const actions = this.createTopics(props.settings).map((topic) => new SnsAction(topic));
    for (const alarm of this.all) {
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
    }
  }

  private findCertificate({ certificateArn }: Settings) {
    return certificateArn ? Certificate.fromCertificateArn(this, "Certificate", certificateArn) : undefined;
  }

  private createTopics({ alarmEmail, alarmTopicArn }: Settings): ITopic[] {
    return [
      ...(alarmEmail ? [createMailTopic(this, alarmEmail)] : []),
      ...(alarmTopicArn ? [Topic.fromTopicArn(this, "ExistingTopic", alarmTopicArn)] : []),
    ];
  }

  private createAlarm(id: string, definition: AlarmDefinition) {
    const { metric, threshold, comparison, periods = 1, missingData, meaning } = definition;
    return new Alarm(this, id, {
      metric,
      threshold,
      ...(comparison && { comparisonOperator: comparison }),
      evaluationPeriods: periods,
      alarmDescription: meaning,
      treatMissingData: missingData ?? TreatMissingData.NOT_BREACHING,
    });
  }
}
