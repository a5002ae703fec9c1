import { type Metrics, parseExpression, type Series } from "./metric-math.ts";

const STEP_SECONDS = 300;

interface Metric {
  readonly MetricName: string;
  readonly Dimensions?: readonly {
    readonly Name: string;
    readonly Value: string | { readonly Ref: string };
  }[];
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
}

/** The properties of an alarm in the template. */
export interface AlarmProperties extends Partial<Metric> {
  readonly Metrics?: readonly Query[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
}

/** Makes the name of a metric, then its function or route. */
const nameOf = ({ MetricName, Dimensions = [] }: Metric) => {
  const subjects = Dimensions.filter(({ Name }) => /^(FunctionName|Route)$/.test(Name)).map(({ Value }) =>
    typeof Value === "string" ? Value : /CreateStudySession|ReadStudySessions/.exec(Value.Ref)?.[0],
  );
  return [MetricName, ...subjects].join(" ");
};

/** Reads the queries of an alarm. An alarm of one metric has none, so this function makes them. */
const queriesOf = ({
  Metrics,
  MetricName = "",
  Dimensions = [],
  Period = 0,
  Statistic = "",
}: AlarmProperties) =>
  Metrics ?? [
    { Id: "result", Expression: "metric" },
    { Id: "metric", MetricStat: { Metric: { MetricName, Dimensions }, Period, Stat: Statistic } },
  ];

/** Takes the statistic of several periods. A percentile is known only for the period in which it was measured. */
const aggregate = (values: Series, stat: string) => {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  if (stat === "Minimum") return Math.min(...present);
  if (stat !== "Sum" && values.length > 1)
    throw new Error(`${stat} can't be taken of ${values.length} periods`);
  return present.reduce((sum, value) => sum + value, 0);
};

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const isBreaching = (value: number | undefined, alarm: AlarmProperties) => {
  const compare = COMPARISONS[alarm.ComparisonOperator];
  if (!compare) throw new Error(alarm.ComparisonOperator);
  // Both let no alarm fire without data: "ignore" keeps the state.
  if (!["notBreaching", "ignore"].includes(alarm.TreatMissingData)) throw new Error(alarm.TreatMissingData);
  return value !== undefined && compare(value, alarm.Threshold);
};

/**
 * Checks whether an alarm fires at any time, as CloudWatch would evaluate it: over a window that slides (here by five
 * minutes at a time), with a datapoint for each of the alarm's periods.
 * @param published - metrics as they are published: a value for each five minutes, undefined where nothing is published
 * @throws Error where AWS does not say what the verdict would be
 */
export const createVerdict = (alarm: AlarmProperties) => {
  const queries = queriesOf(alarm);
  const sources = queries.flatMap(({ Id, MetricStat }) =>
    MetricStat ? [{ id: Id, name: nameOf(MetricStat.Metric), ...MetricStat }] : [],
  );
  const { EvaluationPeriods: length, DatapointsToAlarm: needed = length } = alarm;
  const evaluate = parseExpression(queries.find(({ Expression }) => Expression)?.Expression ?? "");

  const measure = (published: Metrics, end: number): Metrics =>
    Object.fromEntries(
      sources.map(({ id, name, Period, Stat }) => {
        const steps = Period / STEP_SECONDS;
        const windows = Array.from({ length }, (_, index) => end - (length - 1 - index) * steps);
        const valuesUntil = (last: number) =>
          Array.from({ length: steps }, (_, index) => published[name]?.[last - index]);
        return [id, windows.map((last) => aggregate(valuesUntil(last), Stat))];
      }),
    );

  const firesWith = (metrics: Metrics, fillsEmptySeries: boolean) => {
    const datapoints = evaluate({ metrics, length, fillsEmptySeries });
    const missing = datapoints.filter((value) => value === undefined).length;
    // CloudWatch would take older datapoints instead, of which it does not say how far back they may be.
    if (missing > 0 && missing < length) throw new Error(`Gaps: ${JSON.stringify(datapoints)}`);
    return datapoints.filter((value) => isBreaching(value, alarm)).length >= needed;
  };

  return (published: Metrics) => {
    const unknown = Object.keys(published).find((name) => !sources.some((source) => source.name === name));
    if (unknown !== undefined) throw new Error(`The alarm has no metric ${unknown}`);
    const steps = Math.max(1, ...Object.values(published).map((series) => series.length));
    const windows = Array.from({ length: steps }, (_, end) => measure(published, end));
    const [fires, firesWithoutFilling] = [true, false].map((fillsEmptySeries) =>
      windows.map((metrics) => firesWith(metrics, fillsEmptySeries)).includes(true),
    );
    if (fires !== firesWithoutFilling)
      throw new Error("The verdict depends on FILL of a metric without data");
    return fires ? "fires" : "stays OK";
  };
};
