import { Annotations, type Stack } from "aws-cdk-lib";
import { routeLimits } from "./route-limits.ts";
import type { Settings } from "./settings.ts";

/** A deployment without one of these would open the endpoint, move it, or change what it serves. */
const LASTING_SETTINGS = [
  "allowedOrigins",
  "alarmEmail",
  "alarmTopicArn",
  "jwtIssuer",
  "jwtAudience",
  "domainName",
  "certificateArn",
  "tableName",
];

/** What all routes together can take from the table in a second. */
const unitsNeeded = (settings: Settings, units: "readUnits" | "writeUnits") =>
  Object.values(routeLimits(settings)).reduce(
    (sum, limit) => sum + limit[units] * Math.max(limit.rate, limit.burst),
    0,
  );

const findUnitProblems = (settings: Settings): Record<string, string | false> => {
  const { maxReadUnits, maxWriteUnits } = settings;
  const reads = unitsNeeded(settings, "readUnits");
  const writes = unitsNeeded(settings, "writeUnits");
  const problem = "The table may refuse what the gateway lets in";
  return {
    maxReadUnits:
      maxReadUnits < reads &&
      `maxReadUnits is ${maxReadUnits}. ${problem}: raise it to ${reads}, or lower listThrottleRate and listThrottleBurst, or throttleRate and throttleBurst`,
    maxWriteUnits:
      maxWriteUnits < writes &&
      `maxWriteUnits is ${maxWriteUnits}. ${problem}: raise it to ${writes}, or lower throttleRate and throttleBurst`,
  };
};

const findOpenEndpoint = ({ stage, jwtIssuer }: Settings) => ({
  jwtIssuer:
    jwtIssuer === undefined &&
    `The endpoint of stage ${stage} is open to everyone, because jwtIssuer and jwtAudience are not set`,
});

const findProductionProblems = (settings: Settings): Record<string, string | false> => ({
  alarms:
    settings.alarmEmail === undefined &&
    settings.alarmTopicArn === undefined &&
    "alarmEmail and alarmTopicArn are not set: the alarms reach nobody",
  protection:
    !settings.protection &&
    "The protection of production is off: after this deployment, npm run destroy deletes the table with all sessions, and the logs",
});

/** Protection is lifted on the command line on purpose, so that the next deployment brings the protection back. */
const findPassingSettings = ({ stage, protection }: Settings, fromCommandLine: readonly string[]) =>
  Object.fromEntries(
    [...LASTING_SETTINGS, ...(protection ? ["protection"] : [])]
      .filter((name) => fromCommandLine.includes(name))
      .map((name) => [
        `${name}FromCommandLine`,
        `${name} comes from the command line, and the next deployment will not know it: put it into cdk.json under settings.${stage}`,
      ]),
  );

/**
 * Adds a warning to the stack for each setting that is valid, but is probably a mistake.
 * @param fromCommandLine - the names of the settings that `-c` set
 */
export const warnAboutSettings = (
  stack: Stack,
  settings: Settings,
  fromCommandLine: readonly string[] = [],
) => {
  const problems = {
    ...findUnitProblems(settings),
    ...findOpenEndpoint(settings),
    ...(settings.stage === "prod" && findProductionProblems(settings)),
    ...findPassingSettings(settings, fromCommandLine),
  };
  for (const [id, problem] of Object.entries(problems))
    if (problem) Annotations.of(stack).addWarningV2(`study-sessions:${id}`, problem);
};
