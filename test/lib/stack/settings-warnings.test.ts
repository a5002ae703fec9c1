import { expect, test } from "@jest/globals";
import { Stack } from "aws-cdk-lib";
import { warnAboutSettings } from "../../../lib/stack/settings-warnings.ts";
import { createSettings } from "../../support/synthesize.ts";

const readWarnings = (changes: Record<string, string>) => {
  const stack = new Stack();
  warnAboutSettings(stack, createSettings({ alarmEmail: "owner@portal.example", ...changes }));
  return stack.node.metadata.filter(({ type }) => type === "aws:cdk:warning").map(({ data }) => data);
};

const readWarning = (value: number, needed: number) =>
  `maxReadUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower listThrottleRate and listThrottleBurst, or throttleRate and throttleBurst [ack: study-sessions:maxReadUnits]`;

const writeWarning = (value: number, needed: number) =>
  `maxWriteUnits is ${value}. The table may refuse what the gateway lets in: raise it to ${needed}, or lower throttleRate and throttleBurst [ack: study-sessions:maxWriteUnits]`;

// With the defaults: 40 creates of 3 units, 40 reads of 1 unit and 10 pages of 101 units.
test.each([
  [{}, []],
  [{ maxReadUnits: "1169" }, [readWarning(1169, 1170)]],
  [{ maxWriteUnits: "119" }, [writeWarning(119, 120)]],
  [{ maxReadUnits: "1170", maxWriteUnits: "120" }, []],
  [{ alarmEmail: "" }, ["alarmEmail is not set: the alarms reach nobody [ack: study-sessions:alarmEmail]"]],
  [{ alarmEmail: "", stage: "dev" }, []],
  [{ throttleBurst: "67" }, [readWarning(1200, 67 * 4 + 1010), writeWarning(200, 201)]],
  [{ throttleRate: "67" }, [readWarning(1200, 67 * 4 + 1010), writeWarning(200, 201)]],
  [{ listThrottleBurst: "11" }, [readWarning(1200, 160 + 1111)]],
  [{ listThrottleRate: "11" }, [readWarning(1200, 160 + 1111)]],
  [{ listThrottleRate: "1", listThrottleBurst: "1", maxReadUnits: "261" }, []],
])("%j brings these warnings: %j", (changes: Record<string, string>, warnings) => {
  expect(readWarnings(changes)).toEqual(warnings);
});
