import { expect, test } from "@jest/globals";
import { type AlarmProperties, createVerdict } from "../../../support/alarm-verdict.ts";
import type { Metrics } from "../../../support/metric-math.ts";
import { readTemplate } from "../../../support/read-template.ts";

const alarms = Object.entries(readTemplate("restored").findResources("AWS::CloudWatch::Alarm"));

const propertiesOf = (name: string) =>
  alarms.find(([id]) => id.replace(/^Alarms|\w{8}$/g, "") === name)?.[1].Properties as AlarmProperties;

const HOUR = 12;
const DAY = 24 * HOUR;
const NOTHING = undefined;

/** Repeats a value for each five minutes. */
const steady = (value: number, periods: number) => Array<number>(periods).fill(value);

/** Publishes the value 1 in the first five minutes of each group of periods, and nothing in the others. */
const oneEvery = (periods: number) =>
  Array.from({ length: DAY }, (_, i) => (i % periods === 0 ? 1 : NOTHING));

/** ACM publishes the days that are left every twelve hours. */
const daysLeft = (days: number) => Array.from({ length: DAY }, (_, i) => (i % (12 * HOUR) ? NOTHING : days));

const CREATE = "POST /api/study-sessions";
const LIST = "GET /api/study-sessions";

/** Makes the requests and errors of a route. The metric of errors is published only when there are errors. */
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
  ["FailureShare", "fires", "three of three creates fail", route(CREATE, [3], [3])],
  ["FailureShare", "fires", "5 % fail", route(LIST, [100], [5])],
  [
    "FailureShare",
    "fires",
    "creates fail beside many reads",
    { ...route(CREATE, [3], [3]), ...manyReads(1) },
  ],
  ["FailureShare", "stays OK", "4 % fail", route(CREATE, [100], [4])],
  [
    "FailureShare",
    "stays OK",
    "3 % fail on each of two routes",
    { ...route(CREATE, [100], [3]), ...route(LIST, [100], [3]) },
  ],
  ["FailureShare", "stays OK", "two of two fail", route(CREATE, [2], [2])],
  ["FailureShare", "stays OK", "nothing fails", manyReads(HOUR)],
  ["FailureShare", "stays OK", "there are no requests", {}],

  ["LastingFailures", "fires", "two of two fail for a day", route(CREATE, steady(2, DAY), steady(2, DAY))],
  [
    "LastingFailures",
    "fires",
    "two of two creates fail beside many reads",
    { ...route(CREATE, steady(2, HOUR), steady(2, HOUR)), ...manyReads(HOUR) },
  ],
  ["LastingFailures", "fires", "two of ten fail for an hour", route(LIST, steady(10, HOUR), steady(2, HOUR))],
  [
    "LastingFailures",
    "fires",
    "one request every two hours fails",
    route(CREATE, oneEvery(2 * HOUR), oneEvery(2 * HOUR)),
  ],
  [
    "LastingFailures",
    "stays OK",
    "one request every three hours fails",
    route(CREATE, oneEvery(3 * HOUR), oneEvery(3 * HOUR)),
  ],
  ["LastingFailures", "fires", "three of 30 fail", route(CREATE, [30], [3])],
  ["LastingFailures", "stays OK", "three of 31 fail", route(CREATE, [31], [3])],
  ["LastingFailures", "stays OK", "two of two fail once", route(CREATE, [2], [2])],
  [
    "LastingFailures",
    "fires",
    "two of 22 creates fail in every five minutes of a day",
    route(CREATE, steady(22, DAY), steady(2, DAY)),
  ],
  [
    "LastingFailures",
    "fires",
    "4 % of the creates fail for a day",
    route(CREATE, steady(100, DAY), steady(4, DAY)),
  ],
  ["LastingFailures", "fires", "six of 300 fail", route(CREATE, [300], [6])],
  ["LastingFailures", "stays OK", "six of 301 fail", route(CREATE, [301], [6])],
  ["LastingFailures", "stays OK", "five of 51 fail", route(CREATE, [51], [5])],
  [
    "LastingFailures",
    "stays OK",
    "one of 60 fails every hour",
    route(CREATE, steady(5, DAY), oneEvery(HOUR)),
  ],
  ["LastingFailures", "stays OK", "nothing fails", manyReads(DAY)],
  ["LastingFailures", "stays OK", "there are no requests", {}],

  ["GatewayFailures", "fires", "20 requests fail", { "5xx": [20] }],
  ["GatewayFailures", "fires", "two requests fail in every five minutes of a day", { "5xx": steady(2, DAY) }],
  ["GatewayFailures", "stays OK", "19 requests fail", { "5xx": [19] }],
  ["GatewayFailures", "stays OK", "one request fails in every five minutes", { "5xx": steady(1, DAY) }],
  ["GatewayFailures", "stays OK", "nothing fails", { "5xx": steady(0, DAY) }],
  ["GatewayFailures", "stays OK", "there are no requests", {}],

  ["Latency", "fires", "creates are slow", { "Duration CreateStudySession": steady(2000, 3) }],
  [
    "Latency",
    "fires",
    "reads are slow and creates are quick",
    { "Duration CreateStudySession": steady(20, 3), "Duration ReadStudySessions": steady(2500, 3) },
  ],
  [
    "Latency",
    "stays OK",
    "creates are slow for ten minutes",
    { "Duration CreateStudySession": [20, 3000, 3000, 20] },
  ],
  [
    "Latency",
    "stays OK",
    "one slow create every ten minutes",
    { "Duration CreateStudySession": [3000, NOTHING, 3000, NOTHING, 3000, NOTHING, 3000] },
  ],
  ["Latency", "stays OK", "creates take just less", { "Duration CreateStudySession": steady(1999, HOUR) }],
  ["Latency", "stays OK", "there are no requests", {}],

  ["FunctionErrors", "fires", "one create crashes", { "Errors CreateStudySession": [0, 1, 0] }],
  [
    "FunctionErrors",
    "fires",
    "one read crashes, and there are no creates",
    { "Errors ReadStudySessions": [NOTHING, 1] },
  ],
  ["FunctionErrors", "stays OK", "no request crashes", { "Errors CreateStudySession": steady(0, HOUR) }],
  ["FunctionErrors", "stays OK", "there are no requests", {}],

  [
    "FunctionThrottles",
    "fires",
    "Lambda has no concurrency for one create",
    { "Throttles CreateStudySession": [1] },
  ],
  [
    "FunctionThrottles",
    "fires",
    "Lambda has no concurrency for one read",
    { "Throttles ReadStudySessions": [1] },
  ],
  [
    "FunctionThrottles",
    "stays OK",
    "there is concurrency",
    { "Throttles CreateStudySession": steady(0, HOUR) },
  ],

  ["GatewayThrottles", "fires", "one client sends too much for 15 minutes", { Throttled: steady(1500, 3) }],
  ["GatewayThrottles", "fires", "ten get 429 every five minutes", { Throttled: steady(10, 3) }],
  ["GatewayThrottles", "stays OK", "a class begins", { Throttled: [100, 100] }],
  [
    "GatewayThrottles",
    "stays OK",
    "a class begins every ten minutes",
    { Throttled: [200, NOTHING, 200, NOTHING, 200] },
  ],
  ["GatewayThrottles", "stays OK", "few get 429", { Throttled: steady(9, DAY) }],
  ["GatewayThrottles", "stays OK", "no request gets 429", {}],

  [
    "ClientErrorShare",
    "fires",
    "the table is empty, and two creates come every five minutes",
    clientErrors(steady(2, HOUR), steady(2, HOUR)),
  ],
  [
    "ClientErrorShare",
    "fires",
    "the table is empty, beside many reads",
    { ...clientErrors(steady(2, HOUR), steady(2, HOUR)), ...manyReads(HOUR) },
  ],
  [
    "ClientErrorShare",
    "fires",
    "45 % of the creates get 401 for a day",
    clientErrors(steady(20, DAY), steady(9, DAY)),
  ],
  ["ClientErrorShare", "fires", "20 of 100 are wrong", clientErrors([100], [20])],
  ["ClientErrorShare", "stays OK", "20 of 101 are wrong", clientErrors([101], [20])],
  ["ClientErrorShare", "stays OK", "19 of 39 are wrong", clientErrors([39], [19])],
  ["ClientErrorShare", "fires", "half of 20 are wrong", clientErrors([20], [10])],
  ["ClientErrorShare", "stays OK", "nine of nine are wrong", clientErrors([9], [9])],
  [
    "ClientErrorShare",
    "stays OK",
    "five are wrong, and an hour later five more",
    clientErrors([5, ...steady(0, 11), 5], [5, ...steady(0, 11), 5]),
  ],
  ["ClientErrorShare", "stays OK", "less than half of 21 are wrong", clientErrors([21], [10])],
  [
    "ClientErrorShare",
    "stays OK",
    "two in three hours are wrong",
    clientErrors(oneEvery(HOUR), oneEvery(HOUR)),
  ],
  ["ClientErrorShare", "stays OK", "every response is 201 or 429", manyReads(HOUR)],
  ["ClientErrorShare", "stays OK", "there are no requests", {}],

  ["TableThrottles", "fires", "ten reads are throttled", { ReadThrottleEvents: [10] }],
  [
    "TableThrottles",
    "fires",
    "five reads and five writes are throttled",
    { ReadThrottleEvents: [5], WriteThrottleEvents: [5] },
  ],
  ["TableThrottles", "stays OK", "nine writes are throttled", { WriteThrottleEvents: [9] }],
  ["TableThrottles", "stays OK", "nothing is throttled", {}],

  ["RefusedIds", "fires", "one id is refused", { RefusedIds: [NOTHING, 1] }],
  ["RefusedIds", "stays OK", "no id is refused", {}],

  ["CertificateExpiry", "fires", "30 days are left", { DaysToExpiry: daysLeft(30) }],
  ["CertificateExpiry", "stays OK", "31 days are left", { DaysToExpiry: daysLeft(31) }],
  ["CertificateExpiry", "stays OK", "nothing is published yet", {}],
];

test.each(VERDICTS)("%s %s when %s", (alarm, verdict, _situation, metrics) => {
  expect(createVerdict(propertiesOf(alarm))(metrics)).toBe(verdict);
});

test("every alarm has both verdicts", () => {
  const names = alarms.map(([id]) => id.replace(/^Alarms|\w{8}$/g, ""));
  for (const expected of ["fires", "stays OK"]) {
    const tried = new Set(VERDICTS.flatMap(([alarm, verdict]) => (verdict === expected ? [alarm] : [])));
    expect([...tried].sort()).toEqual(names.sort());
  }
});
