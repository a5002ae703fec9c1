import { expect, test } from "@jest/globals";
import { Stack } from "aws-cdk-lib";
import { warnAboutSettings } from "../../../../lib/stack/settings/settings-warnings.ts";
import { createSettings } from "../../../support/synthesize.ts";

const CLOSED = { jwtIssuer: "https://login.portal.example/", jwtAudience: "portal" };

const readWarnings = (changes: Record<string, string>, fromCommandLine?: string[]) => {
  const stack = new Stack();
  const settings = createSettings({ alarmEmail: "owner@portal.example", ...CLOSED, ...changes });
  warnAboutSettings(stack, settings, fromCommandLine);
  return stack.node.metadata.filter(({ type }) => type === "aws:cdk:warning").map(({ data }) => data);
};

const readWarning = (value: number, needed: number) =>
  `maxReadUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower listThrottleRate and listThrottleBurst, or throttleRate and throttleBurst [ack: study-sessions:maxReadUnits]`;

const writeWarning = (value: number, needed: number) =>
  `maxWriteUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower throttleRate and throttleBurst [ack: study-sessions:maxWriteUnits]`;

// With the defaults: 40 creates of 4 units, 40 reads of 1 unit and 10 pages of 101 units.
test.each([
  [{}, []],
  [{ maxReadUnits: "1209" }, [readWarning(1209, 1210)]],
  [{ maxWriteUnits: "119" }, [writeWarning(119, 120)]],
  [{ maxReadUnits: "1210", maxWriteUnits: "120" }, []],
  [
    { alarmEmail: "" },
    ["alarmEmail and alarmTopicArn are not set: the alarms reach nobody [ack: study-sessions:alarms]"],
  ],
  [{ alarmEmail: "", alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call" }, []],
  [
    { jwtIssuer: "", jwtAudience: "" },
    [
      "The endpoint of stage prod is open to everyone, because jwtIssuer and jwtAudience are not set [ack: study-sessions:jwtIssuer]",
    ],
  ],
  [
    { protection: "off" },
    [
      "The protection of production is off: after this deployment, npm run destroy deletes the table with all sessions, and the logs [ack: study-sessions:protection]",
    ],
  ],
  [
    { stage: "dev", alarmEmail: "", jwtIssuer: "", jwtAudience: "", protection: "off" },
    [
      "The endpoint of stage dev is open to everyone, because jwtIssuer and jwtAudience are not set [ack: study-sessions:jwtIssuer]",
    ],
  ],
  [{ throttleBurst: "67" }, [readWarning(1300, 67 * 5 + 1010), writeWarning(200, 201)]],
  [{ throttleRate: "67" }, [readWarning(1300, 67 * 5 + 1010), writeWarning(200, 201)]],
  [{ listThrottleBurst: "11" }, [readWarning(1300, 200 + 1111)]],
  [{ listThrottleRate: "11" }, [readWarning(1300, 200 + 1111)]],
  [{ listThrottleRate: "1", listThrottleBurst: "1", maxReadUnits: "301" }, []],
])("%j brings these warnings: %j", (changes: Record<string, string>, warnings) => {
  expect(readWarnings(changes)).toEqual(warnings);
});

test.each([
  [["jwtIssuer"], "dev"],
  [["allowedOrigins", "jwtIssuer", "jwtAudience", "tableName"], "prod"],
  [["alarmEmail", "alarmTopicArn", "domainName", "certificateArn", "protection"], "prod"],
])("of %j from the command line, the synthesis says that they do not last", (names, stage) => {
  expect(readWarnings({ stage }, names)).toEqual(
    names.map(
      (name) =>
        `${name} comes from the command line, and the next deployment will not know it: put it into cdk.json under settings.${stage} [ack: study-sessions:${name}FromCommandLine]`,
    ),
  );
});

test("what is meant for one deployment comes from the command line without a warning", () => {
  expect(readWarnings({}, ["stage", "throttleRate", "maxWriteUnits", "logLevel"])).toEqual([]);
  expect(readWarnings({ stage: "dev", protection: "off" }, ["protection"])).toEqual([]);
});
