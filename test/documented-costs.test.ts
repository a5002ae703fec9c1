import { expect, test } from "@jest/globals";
import { OPERATIONS } from "../functions/routes.ts";
import { STAGE_SETTINGS } from "../lib/stack/settings/stage-settings.ts";
import { dollarsPerMillion, GATEWAY_ONLY, worstCaseBill } from "./bench/cost.ts";
import { readDocumentation } from "./support/documentation.ts";
import { METRIC_FILTER } from "./support/find-resource.ts";
import { readTemplate } from "./support/read-template.ts";
import { createSettings } from "./support/settings.ts";

/** AWS's default for all APIs of an account and region together. */
const ACCOUNT_REQUESTS_A_SECOND = 10_000;

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
  const others = [...costs.matchAll(/^\|[^|]+\| ([\d.]+), ([\d.]+) \| ([\d.]+) \|$/gm)];
  expect(others).toHaveLength(9);
  expect(others.map(([, , , price]) => price)).toEqual(
    others.map(([, reads, writes]) => dollarsPerMillion(Number(writes), Number(reads)).together.toFixed(2)),
  );
});

test("the documented cost of the alarms is that of the metrics that they watch and make", () => {
  const template = readTemplate("prod");
  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
  const watched = alarms.flatMap(({ Properties: { Metrics = [{ MetricStat: {} }] } }) =>
    Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat),
  ).length;
  const filters = Object.values(template.findResources(METRIC_FILTER)).map(
    ({ Properties }) => Properties.MetricTransformations[0],
  );
  const made = filters.reduce((sum, { Dimensions }) => sum + (Dimensions ? OPERATIONS.length : 1), 0);
  // Without errors, there are only the requests of each route.
  const [least, most] = [OPERATIONS.length, made].map((metrics) => watched * 0.1 + 3 + metrics * 0.3);
  expect(costs.replaceAll("\n", " ")).toContain(
    `$${least?.toFixed(2)} to $${most?.toFixed(2)} a month: alarms on ${watched} metrics × $0.10, the dashboard $3.00, and ${OPERATIONS.length} to ${made} metrics of its own × $0.30.`,
  );
});

test("the documented worst-case bill is the one of the throttles of prod", () => {
  const { throttleRate, listThrottleRate } = STAGE_SETTINGS.prod;
  const bill = worstCaseBill(createSettings({ stage: "prod" }));
  const rows = [
    [`${throttleRate} creates a second, each the slower of two`, bill.creates],
    [`${throttleRate} reads a second`, bill.reads],
    [`${listThrottleRate} pages a second at worst`, bill.pages],
    [`${throttleRate} preflights and ${throttleRate} requests to unknown paths a second`, bill["no route"]],
    [`${bill.millionTraces.toFixed(1)} million traces`, bill.traces],
  ] as const;
  const dollars = rows.map(([, value]) => Math.round(value));
  expect(rows.map(([row]) => Number(costOf(row)))).toEqual(dollars);
  const [, worstCase = ""] = costs.split("**Worst-case bill**");
  const sum = dollars.reduce((total, next) => total + next, 0);
  expect(worstCase).toContain(`| **together** | **${sum}** |`);
  const perDay = (ACCOUNT_REQUESTS_A_SECOND * 24 * 60 * 60 * GATEWAY_ONLY) / 1e6;
  expect(worstCase.replaceAll("\n", " ")).toContain(
    `At $${GATEWAY_ONLY.toFixed(2)} a million, of which $${(GATEWAY_ONLY - 1).toFixed(2)} pays for the log, a day at this rate costs $${Math.round(perDay)}.`,
  );
  expect(worstCase).toContain(
    `which costs $${Math.round(bill["all traced"])} instead of $${Math.round(bill.traces)}.`,
  );
});
