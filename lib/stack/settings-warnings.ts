import { Annotations, type Stack } from "aws-cdk-lib";
import { routeLimits } from "./route-limits.ts";
import type { Settings } from "./settings.ts";

/** What all routes together can take from the table in a second. */
const unitsNeeded = (settings: Settings, units: "readUnits" | "writeUnits") =>
  Object.values(routeLimits(settings)).reduce(
    (sum, limit) => sum + limit[units] * Math.max(limit.rate, limit.burst),
    0,
  );

const findProblems = (settings: Settings): Record<string, string | false> => {
  const { maxReadUnits, maxWriteUnits, stage, alarmEmail } = settings;
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
    alarmEmail:
      stage === "prod" && alarmEmail === undefined && "alarmEmail is not set: the alarms reach nobody",
  };
};

/** Adds a warning to the stack for each setting that is valid, but is probably a mistake. */
export const warnAboutSettings = (stack: Stack, settings: Settings) => {
  for (const [setting, problem] of Object.entries(findProblems(settings)))
    if (problem) Annotations.of(stack).addWarningV2(`study-sessions:${setting}`, problem);
};
