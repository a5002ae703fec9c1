import { expect, test } from "@jest/globals";
import { Stack } from "aws-cdk-lib";
import type { Settings } from "../../../../lib/stack/settings/settings.ts";
import { warnAboutSettings } from "../../../../lib/stack/settings/settings-warnings.ts";
import { createSettings } from "../../../support/settings.ts";

const CLOSED = { jwtIssuer: "https://login.portal.example/", jwtAudience: ["portal"] };

const readWarnings = (changes: Partial<Settings>, fromCommandLine: Partial<Settings> = {}) => {
  const stack = new Stack();
  const settings = createSettings({ alarmEmail: "owner@portal.example", ...CLOSED, ...changes });
  warnAboutSettings(stack, settings, fromCommandLine);
  return stack.node.metadata.filter(({ type }) => type === "aws:cdk:warning").map(({ data }) => data);
};

const readWarning = (value: number, needed: number) =>
  `maxReadUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower listThrottleRate and listThrottleBurst, or throttleRate and throttleBurst [ack: study-sessions:maxReadUnits]`;

const writeWarning = (value: number, needed: number) =>
  `maxWriteUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower throttleRate and throttleBurst [ack: study-sessions:maxWriteUnits]`;

// The defaults: 40 creates of 5 units, 40 reads of 1 unit and 10 pages of 101 units.
test.each<[changes: Partial<Settings>, warnings: string[]]>([
  [{}, []],
  [{ maxReadUnits: 1249 }, [readWarning(1249, 1250)]],
  [{ maxWriteUnits: 119 }, [writeWarning(119, 120)]],
  [{ maxReadUnits: 1250, maxWriteUnits: 120 }, []],
  [
    { alarmEmail: undefined },
    ["alarmEmail and alarmTopicArn are not set: the alarms reach nobody [ack: study-sessions:alarms]"],
  ],
  [{ alarmEmail: undefined, alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call" }, []],
  [
    { jwtIssuer: undefined, jwtAudience: undefined },
    [
      "The endpoint of stage prod is open to everyone, because jwtIssuer and jwtAudience are not set [ack: study-sessions:jwtIssuer]",
    ],
  ],
  [
    { protection: false },
    [
      "The protection of production is off: after this deployment, npm run destroy deletes the table with all sessions, and the logs [ack: study-sessions:protection]",
    ],
  ],
  [
    { stage: "dev", alarmEmail: undefined, jwtIssuer: undefined, jwtAudience: undefined, protection: false },
    [
      "The endpoint of stage dev is open to everyone, because jwtIssuer and jwtAudience are not set [ack: study-sessions:jwtIssuer]",
    ],
  ],
  [{ throttleBurst: 67 }, [readWarning(1300, 67 * 6 + 1010), writeWarning(200, 201)]],
  [{ throttleRate: 67 }, [readWarning(1300, 67 * 6 + 1010), writeWarning(200, 201)]],
  [{ listThrottleBurst: 11 }, [readWarning(1300, 240 + 1111)]],
  [{ listThrottleRate: 11 }, [readWarning(1300, 240 + 1111)]],
  [{ listThrottleRate: 1, listThrottleBurst: 1, maxReadUnits: 341 }, []],
])("%j brings these warnings: %j", (changes, warnings) => {
  expect(readWarnings(changes)).toEqual(warnings);
});

test.each([
  ["tableName", "dev", { tableName: "StudySessions-restored" }],
  ["protection", "prod", { protection: true }],
] as const)("the synthesis warns that %s from the command line does not last", (name, stage, changes) => {
  expect(readWarnings({ stage, ...changes }, changes)).toEqual([
    `${name} comes from the command line, and the next deployment does not use it: put it in lib/stack/settings/stage-settings.ts under ${stage} [ack: study-sessions:${name}FromCommandLine]`,
  ]);
});

test("a change for one deployment comes from the command line without a warning", () => {
  const changes = { protection: false, maxWriteUnits: 1300 };
  expect(readWarnings({ stage: "dev", ...changes }, changes)).toEqual([]);
});
