import { expect, test } from "@jest/globals";
import cdkJson from "../../../../cdk.json" with { type: "json" };
import { readSettings } from "../../../../lib/stack/settings/command-line-settings.ts";
import { createSettings } from "../../../support/settings.ts";

const read = (changes: Record<string, unknown>) => readSettings({ ...cdkJson.context, ...changes });

test("cdk.json names the stage prod, whose settings are those of its file", () => {
  expect(read({})).toEqual({ settings: createSettings(), changes: {} });
});

test("the command line changes the stage, and what a runbook changes for one deployment", () => {
  const changes = { protection: true, maxWriteUnits: 2000, tableName: "StudySessions-restored" };
  expect(read({ stage: "dev", ...changes, protection: "on", maxWriteUnits: "2000" })).toEqual({
    settings: createSettings({ stage: "dev", ...changes }),
    changes,
  });
  expect(read({ protection: "off" }).settings).toEqual(createSettings({ protection: false }));
});

const ADVICE =
  "-c takes stage, protection, maxWriteUnits, tableName. All other settings are in lib/stack/settings/stage-settings.ts";
const UNITS = "Expected a whole number from 1 to 40000";

test.each([
  [{ stage: "staging" }, 'stage: "staging" is not valid. Expected one of prod, dev'],
  [{ stage: undefined }, "stage is missing. Expected one of prod, dev"],
  [{ protection: "true" }, 'protection: "true" is not valid. Expected one of on, off'],
  [{ maxWriteUnits: "1e3" }, `maxWriteUnits: "1e3" is not valid. ${UNITS}`],
  [{ maxWriteUnits: "" }, `maxWriteUnits: "" is not valid. ${UNITS}`],
  [{ maxWriteUnits: "0" }, `maxWriteUnits: 0 is not valid. ${UNITS}`],
  [{ tableName: "" }, expect.stringMatching(/^tableName: "" is not valid. Expected the name of a table, /)],
  [{ throttleRate: "5" }, `throttleRate: -c can't change it. ${ADVICE}`],
  [{ settings: { all: {}, dev: {}, prod: {} } }, `settings: cdk.json no longer has settings. ${ADVICE}`],
  [{ allowedOrigin: "*" }, `allowedOrigin: no such setting. ${ADVICE}`],
  [{ toString: "1" }, `toString: no such setting. ${ADVICE}`],
  [{ "a\nb": "1" }, `a\\u000ab: no such setting. ${ADVICE}`],
  [{ Stage: "dev" }, `Stage: no such setting. Did you mean stage? ${ADVICE}`],
  [{ "alarm-email": "a@b.c" }, `alarm-email: no such setting. Did you mean alarmEmail? ${ADVICE}`],
])("%j is refused by name, with what was expected", (changes, message) => {
  expect(() => read(changes)).toThrow(expect.objectContaining({ message }));
});

test("the context of the CDK itself is no setting", () => {
  const context = {
    "aws:cdk:enable-path-metadata": "true",
    "@aws-cdk/core:checkSecretUsage": "true",
    "@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver": "true",
    "availability-zones:account=123456789012:region=us-east-1": "us-east-1a",
    "cli-telemetry": "true",
    "cdk-migrate": "true",
    "acknowledged-issue-numbers": "19179",
  };
  expect(read(context)).toEqual(read({}));
});
