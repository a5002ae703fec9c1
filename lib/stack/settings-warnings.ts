import { Annotations, type Stack } from "aws-cdk-lib";
import type { Settings } from "./settings.ts";

/** A session with an idempotency key takes so many read units, and so many write units. */
const UNITS_OF_SESSION = 3;

const findProblems = (settings: Settings): Record<string, string | false> => {
  const { throttleRate, throttleBurst, maxReadUnits, maxWriteUnits, stage, alarmEmail } = settings;
  const needed = UNITS_OF_SESSION * Math.max(throttleRate, throttleBurst);
  const advice = `The table may refuse what the gateway lets in: raise it to ${needed}, or lower throttleRate and throttleBurst`;
  return {
    maxReadUnits: maxReadUnits < needed && `maxReadUnits is ${maxReadUnits}. ${advice}`,
    maxWriteUnits: maxWriteUnits < needed && `maxWriteUnits is ${maxWriteUnits}. ${advice}`,
    alarmEmail:
      stage === "prod" && alarmEmail === undefined && "alarmEmail is not set: the alarms reach nobody",
  };
};

/** Adds a warning to the stack for each setting that is valid, but is probably a mistake. */
export const warnAboutSettings = (stack: Stack, settings: Settings) => {
  for (const [setting, problem] of Object.entries(findProblems(settings)))
    if (problem) Annotations.of(stack).addWarningV2(`study-sessions:${setting}`, problem);
};
