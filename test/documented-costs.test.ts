import { expect, test } from "@jest/globals";
import { dollarsPerMillion } from "./bench/cost.ts";
import { readDocumentation } from "./support/documentation.ts";
import { synthesize } from "./support/synthesize.ts";

const [, costs = ""] = readDocumentation("docs/running.md").split("## What it costs\n");

/** @returns the last cell of the row that begins with this one */
const costOf = (firstCell: string) => {
  const row = costs.split("\n").find((line) => line.startsWith(`| ${firstCell} `));
  return row?.split("|").at(-2)?.trim();
};

test("the documented costs are those of the list of prices", () => {
  const { together, ...items } = dollarsPerMillion(2, 2);
  const dollars = Object.values({ ...items, together }).map((value) => value.toFixed(2));
  const rows = ["HTTP API", "Lambda, requests", "Lambda, time", "DynamoDB, writes", "DynamoDB, reads"];
  expect([...rows, "CloudWatch Logs", "**together**"].map(costOf)).toEqual([
    ...dollars.slice(0, -1),
    `**${dollars.at(-1)}**`,
  ]);
  expect(costOf("with idempotency keys")).toBe(dollarsPerMillion(3, 3).together.toFixed(2));
});

test("the documented number of metrics is the one that the alarms watch", () => {
  const alarms = Object.values(synthesize().template.findResources("AWS::CloudWatch::Alarm"));
  const metrics = alarms.flatMap(({ Properties: { Metrics = [{ MetricStat: {} }] } }) =>
    Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat),
  );
  expect(costs).toContain(`alarms on ${metrics.length} metrics × $0.10`);
});
