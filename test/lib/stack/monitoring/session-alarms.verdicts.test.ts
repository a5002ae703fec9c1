import { expect, test } from "@jest/globals";
import { type AlarmProperties, createVerdict } from "../../../support/alarm-verdict.ts";
import type { Metrics } from "../../../support/metric-math.ts";
import { synthesize } from "../../../support/synthesize.ts";

const { template } = synthesize();
const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm"));

const propertiesOf = (name: string) =>
  alarms.find(([id]) => id.replace(/^Alarms|\w{8}$/g, "") === name)?.[1].Properties as AlarmProperties;

const HOUR = 12;
const DAY = 24 * HOUR;
const NOTHING = undefined;

/** A value for each five minutes: this one, again and again. */
const steady = (value: number, periods: number) => Array<number>(periods).fill(value);

/** One in the first five minutes of so many periods, and nothing published in the others. */
const oneEvery = (periods: number) =>
  Array.from({ length: DAY }, (_, i) => (i % periods === 0 ? 1 : NOTHING));

const CREATE = "POST /api/study-sessions";
const LIST = "GET /api/study-sessions";

/** Requests and errors of a route; the metric of the errors is published only with errors. */
const route = (
  key: string,
  requests: Metrics[string],
  errors: Metrics[string],
  kind = "Failures",
): Metrics => ({
  [`Requests ${key}`]: requests,
  [`${kind} ${key}`]: errors,
});

const clientErrors = (requests: Metrics[string], errors: Metrics[string]) =>
  route(CREATE, requests, errors, "ClientErrors");

const manyReads = (periods: number): Metrics => ({ [`Requests ${LIST}`]: steady(1000, periods) });

const VERDICTS: [alarm: string, verdict: string, situation: string, metrics: Metrics][] = [
  ["FailureShare", "rings", "three of three creates fail", route(CREATE, [3], [3])],
  ["FailureShare", "rings", "5 % fail", route(LIST, [100], [5])],
  [
    "FailureShare",
    "rings",
    "creates fail beside many reads",
    { ...route(CREATE, [3], [3]), ...manyReads(1) },
  ],
  ["FailureShare", "is silent", "4 % fail", route(CREATE, [100], [4])],
  [
    "FailureShare",
    "is silent",
    "3 % fail on each of two routes",
    { ...route(CREATE, [100], [3]), ...route(LIST, [100], [3]) },
  ],
  ["FailureShare", "is silent", "two of two fail", route(CREATE, [2], [2])],
  ["FailureShare", "is silent", "nothing fails", manyReads(HOUR)],
  ["FailureShare", "is silent", "nobody asks", {}],

  ["LastingFailures", "rings", "two of two fail for a day", route(CREATE, steady(2, DAY), steady(2, DAY))],
  [
    "LastingFailures",
    "rings",
    "two of two creates fail beside many reads",
    { ...route(CREATE, steady(2, HOUR), steady(2, HOUR)), ...manyReads(HOUR) },
  ],
  ["LastingFailures", "rings", "two of ten fail for an hour", route(LIST, steady(10, HOUR), steady(2, HOUR))],
  [
    "LastingFailures",
    "rings",
    "one request every two hours fails",
    route(CREATE, oneEvery(2 * HOUR), oneEvery(2 * HOUR)),
  ],
  [
    "LastingFailures",
    "is silent",
    "one request every three hours fails",
    route(CREATE, oneEvery(3 * HOUR), oneEvery(3 * HOUR)),
  ],
  ["LastingFailures", "rings", "three of 30 fail", route(CREATE, [30], [3])],
  ["LastingFailures", "is silent", "three of 31 fail", route(CREATE, [31], [3])],
  ["LastingFailures", "is silent", "two of two fail once", route(CREATE, [2], [2])],
  [
    "LastingFailures",
    "is silent",
    "one of 60 fails every hour",
    route(CREATE, steady(5, DAY), oneEvery(HOUR)),
  ],
  ["LastingFailures", "is silent", "nothing fails", manyReads(DAY)],
  ["LastingFailures", "is silent", "nobody asks", {}],

  ["Latency", "rings", "creates are slow", { "Duration CreateStudySession": steady(2000, 3) }],
  [
    "Latency",
    "rings",
    "reads are slow and creates are quick",
    { "Duration CreateStudySession": steady(20, 3), "Duration ReadStudySessions": steady(2500, 3) },
  ],
  [
    "Latency",
    "is silent",
    "creates are slow for ten minutes",
    { "Duration CreateStudySession": [20, 3000, 3000, 20] },
  ],
  [
    "Latency",
    "is silent",
    "one slow create every ten minutes",
    { "Duration CreateStudySession": [3000, NOTHING, 3000, NOTHING, 3000, NOTHING, 3000] },
  ],
  ["Latency", "is silent", "creates take just less", { "Duration CreateStudySession": steady(1999, HOUR) }],
  ["Latency", "is silent", "nobody asks", {}],

  ["FunctionErrors", "rings", "one create crashes", { "Errors CreateStudySession": [0, 1, 0] }],
  [
    "FunctionErrors",
    "rings",
    "one read crashes, and nobody creates",
    { "Errors ReadStudySessions": [NOTHING, 1] },
  ],
  ["FunctionErrors", "is silent", "no request crashes", { "Errors CreateStudySession": steady(0, HOUR) }],
  ["FunctionErrors", "is silent", "nobody asks", {}],

  [
    "FunctionThrottles",
    "rings",
    "Lambda has no room for one create",
    { "Throttles CreateStudySession": [1] },
  ],
  ["FunctionThrottles", "rings", "Lambda has no room for one read", { "Throttles ReadStudySessions": [1] }],
  ["FunctionThrottles", "is silent", "there is room", { "Throttles CreateStudySession": steady(0, HOUR) }],

  ["GatewayThrottles", "rings", "one client sends too much for 15 minutes", { Throttled: steady(1500, 3) }],
  ["GatewayThrottles", "rings", "ten are turned away every five minutes", { Throttled: steady(10, 3) }],
  ["GatewayThrottles", "is silent", "a class begins", { Throttled: [100, 100] }],
  [
    "GatewayThrottles",
    "is silent",
    "a class begins every ten minutes",
    { Throttled: [200, NOTHING, 200, NOTHING, 200] },
  ],
  ["GatewayThrottles", "is silent", "few are turned away", { Throttled: steady(9, DAY) }],
  ["GatewayThrottles", "is silent", "nobody is turned away", {}],

  [
    "ClientErrorShare",
    "rings",
    "the table is empty, and two creates come every five minutes",
    clientErrors(steady(2, HOUR), steady(2, HOUR)),
  ],
  [
    "ClientErrorShare",
    "rings",
    "the table is empty, beside many reads",
    { ...clientErrors(steady(2, HOUR), steady(2, HOUR)), ...manyReads(HOUR) },
  ],
  ["ClientErrorShare", "rings", "half of 20 are wrong", clientErrors([20], [10])],
  ["ClientErrorShare", "is silent", "nine of nine are wrong", clientErrors([9], [9])],
  [
    "ClientErrorShare",
    "is silent",
    "five are wrong, and an hour later five more",
    clientErrors([5, ...steady(0, 11), 5], [5, ...steady(0, 11), 5]),
  ],
  ["ClientErrorShare", "is silent", "less than half of 21 are wrong", clientErrors([21], [10])],
  [
    "ClientErrorShare",
    "is silent",
    "two in three hours are wrong",
    clientErrors(oneEvery(HOUR), oneEvery(HOUR)),
  ],
  ["ClientErrorShare", "is silent", "every request is answered with 201 or 429", manyReads(HOUR)],
  ["ClientErrorShare", "is silent", "nobody asks", {}],

  ["TableThrottles", "rings", "ten reads are refused", { ReadThrottleEvents: [10] }],
  [
    "TableThrottles",
    "rings",
    "five reads and five writes are refused",
    { ReadThrottleEvents: [5], WriteThrottleEvents: [5] },
  ],
  ["TableThrottles", "is silent", "nine writes are refused", { WriteThrottleEvents: [9] }],
  ["TableThrottles", "is silent", "nothing is refused", {}],

  ["TableSystemErrors", "rings", "five calls fail", { "SystemErrors PutItem": [5] }],
  [
    "TableSystemErrors",
    "rings",
    "calls of several kinds fail",
    { "SystemErrors GetItem": [2], "SystemErrors BatchGetItem": [2], "SystemErrors UpdateItem": [1] },
  ],
  ["TableSystemErrors", "is silent", "four calls fail", { "SystemErrors GetItem": [4] }],
  ["TableSystemErrors", "is silent", "no call fails", {}],

  ["RefusedIds", "rings", "one id is refused", { RefusedIds: [NOTHING, 1] }],
  ["RefusedIds", "is silent", "no id is refused", {}],
];

test.each(VERDICTS)("%s %s when %s", (alarm, verdict, _situation, metrics) => {
  expect(createVerdict(propertiesOf(alarm))(metrics)).toBe(verdict);
});

test("every alarm has both verdicts", () => {
  const names = alarms.map(([id]) => id.replace(/^Alarms|\w{8}$/g, ""));
  for (const expected of ["rings", "is silent"]) {
    const tried = new Set(VERDICTS.flatMap(([alarm, verdict]) => (verdict === expected ? [alarm] : [])));
    expect([...tried].sort()).toEqual(names.sort());
  }
});
