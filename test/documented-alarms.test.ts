import { expect, test } from "@jest/globals";
import { readTable } from "./support/documentation.ts";
import { readTemplate } from "./support/read-template.ts";
import { TEMPLATE_SETTINGS } from "./support/template-settings.ts";

const alarms = Object.entries(readTemplate("restored").findResources("AWS::CloudWatch::Alarm")).map(
  ([id, { Properties }]) => ({
    name: id.replace(/^Alarms|\w{8}$/g, ""),
    properties: Properties,
  }),
);

/** Removes links and the marks of code. */
const toPlainText = (cell = "") =>
  cell
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1")
    .replaceAll("`", "")
    .replace("<TableName>", TEMPLATE_SETTINGS.restored.tableName);

const documented = readTable("docs/running.md", "Alarms").map((row) => ({
  name: toPlainText(row.alarm),
  firesWhen: toPlainText(row["fires when"]),
  whatToDo: toPlainText(row["what to do"]),
}));

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

test("the documentation says of each alarm what its message says", () => {
  expect(
    documented.map(({ name, firesWhen, whatToDo }) => [name, `${capitalise(firesWhen)}. ${whatToDo}`]),
  ).toEqual(alarms.map(({ name, properties }) => [name, properties.AlarmDescription]));
});

const formatDuration = (seconds: number) => {
  if (seconds < 3600) return `${seconds / 60} minutes`;
  return seconds === 3600 ? "1 hour" : `${seconds / 3600} hours`;
};

interface Query {
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period: number; readonly Stat: string };
}

/** @returns the time that an alarm watches, the periods of that time, and the numbers that the alarm compares with */
const limitsOf = ({ properties }: (typeof alarms)[number]) => {
  const { Metrics, Period, Statistic: Stat, EvaluationPeriods, Threshold } = properties;
  const queries: readonly Query[] = Metrics ?? [{ MetricStat: { Period, Stat } }];
  const expressions = queries.map(({ Expression = "" }) => Expression).join();
  // An expression also has 100, for percent, and 0, in place of missing data.
  const compared = (expressions.match(/\b[1-9]\d*\b/g) ?? []).map(Number).filter((number) => number !== 100);
  const [metric] = queries.flatMap(({ MetricStat }) => MetricStat ?? []);
  const { Period: seconds, Stat: statistic } = metric ?? { Period: 0, Stat: "" };
  const percentile = /^p(\d+)$/.exec(statistic)?.[1];
  return {
    time: formatDuration(seconds * EvaluationPeriods),
    period: formatDuration(seconds),
    numbers: [
      // Durations are in milliseconds.
      Threshold < 1000 ? Threshold : Threshold / 1000,
      ...compared,
      ...(percentile === undefined ? [] : [100 - Number(percentile)]),
    ],
  };
};

const sortOnce = (numbers: readonly number[]) => [...new Set(numbers)].toSorted((a, b) => a - b);

test.each(alarms.filter(({ properties: { Threshold } }) => Threshold > 1))(
  "the documentation names the time and the limits of $name",
  (alarm) => {
    const { time, period, numbers } = limitsOf(alarm);
    const firesWhen = documented.find(({ name }) => name === alarm.name)?.firesWhen ?? "";
    if (alarm.name !== "CertificateExpiry") expect(firesWhen).toMatch(new RegExp(`^(within|for) ${time}, `));
    const rest = firesWhen
      .replace(time, "")
      .replace(period, "")
      .replaceAll(/\dxx|429/g, "");
    expect(sortOnce((rest.match(/\d+/g) ?? []).map(Number))).toEqual(sortOnce(numbers));
  },
);
