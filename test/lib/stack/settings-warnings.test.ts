import { expect, test } from "@jest/globals";
import { Stack } from "aws-cdk-lib";
import { warnAboutSettings } from "../../../lib/stack/settings-warnings.ts";
import { createSettings } from "../../support/synthesize.ts";

const readWarnings = (changes: Record<string, string>) => {
  const stack = new Stack();
  warnAboutSettings(stack, createSettings({ alarmEmail: "owner@portal.example", ...changes }));
  return stack.node.metadata.filter(({ type }) => type === "aws:cdk:warning").map(({ data }) => data);
};

const ADVICE =
  "The table may refuse what the gateway lets in: raise it to 120, or lower throttleRate and throttleBurst";

test.each([
  [{ maxReadUnits: "119" }, [`maxReadUnits is 119. ${ADVICE} [ack: study-sessions:maxReadUnits]`]],
  [{ maxWriteUnits: "119" }, [`maxWriteUnits is 119. ${ADVICE} [ack: study-sessions:maxWriteUnits]`]],
  [{ maxReadUnits: "120", maxWriteUnits: "120" }, []],
  [{ alarmEmail: "" }, ["alarmEmail is not set: the alarms reach nobody [ack: study-sessions:alarmEmail]"]],
  [{ alarmEmail: "", stage: "dev" }, []],
  [
    { throttleBurst: "67" },
    [expect.stringMatching(/^maxReadUnits is 200\./), expect.stringMatching(/^maxWriteUnits is 200\./)],
  ],
  [
    { throttleRate: "67" },
    [expect.stringContaining("raise it to 201"), expect.stringContaining("raise it to 201")],
  ],
])("%j brings these warnings: %j", (changes: Record<string, string>, warnings) => {
  expect(readWarnings(changes)).toEqual(warnings);
});
