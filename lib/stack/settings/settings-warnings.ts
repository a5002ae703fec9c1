import { Annotations, type Stack } from "aws-cdk-lib";
import { routeLimits } from "./route-limits.ts";
import type { Settings } from "./settings.ts";

type Warn = (id: string, text: string) => void;

type Changes = Partial<Pick<Settings, "protection" | "tableName">>;

/** Adds up the units that requests to all routes together can take from the table in a second. */
const unitsNeeded = (settings: Settings, units: "readUnits" | "writeUnits") =>
  Object.values(routeLimits(settings)).reduce(
    (sum, limit) => sum + limit[units] * Math.max(limit.rate, limit.burst),
    0,
  );

const checkUnits = (settings: Settings, warn: Warn) => {
  const { maxReadUnits, maxWriteUnits } = settings;
  const reads = unitsNeeded(settings, "readUnits");
  const writes = unitsNeeded(settings, "writeUnits");
  const problem = "The table may refuse what the gateway lets in";
  if (maxReadUnits < reads)
    warn(
      "maxReadUnits",
      `maxReadUnits is ${maxReadUnits}. ${problem}: raise it to ${reads}, or lower listThrottleRate and listThrottleBurst, or throttleRate and throttleBurst`,
    );
  if (maxWriteUnits < writes)
    warn(
      "maxWriteUnits",
      `maxWriteUnits is ${maxWriteUnits}. ${problem}: raise it to ${writes}, or lower throttleRate and throttleBurst`,
    );
};

const checkEndpoint = ({ stage, jwtIssuer }: Settings, warn: Warn) => {
  if (jwtIssuer === undefined)
    warn(
      "jwtIssuer",
      `The endpoint of stage ${stage} is open to everyone, because jwtIssuer and jwtAudience are not set`,
    );
};

const checkProduction = ({ stage, alarmEmail, alarmTopicArn, protection }: Settings, warn: Warn) => {
  if (stage !== "prod") return;
  if (alarmEmail === undefined && alarmTopicArn === undefined)
    warn("alarms", "alarmEmail and alarmTopicArn are not set: the alarms reach nobody");
  if (!protection)
    warn(
      "protection",
      "The protection of production is off: after this deployment, npm run destroy deletes the table with all sessions, and the logs",
    );
};

/** A runbook switches the protection off for one deployment on purpose: the next deployment switches it on again. */
const checkChanges = ({ stage }: Settings, { protection, tableName }: Changes, warn: Warn) => {
  const warnAbout = (name: string) =>
    warn(
      `${name}FromCommandLine`,
      `${name} comes from the command line, and the next deployment does not use it: put it in lib/stack/settings/stage-settings.ts under ${stage}`,
    );
  if (protection === true) warnAbout("protection");
  if (tableName !== undefined) warnAbout("tableName");
};

/**
 * Adds a warning to the stack for each setting that is valid, but is probably a mistake.
 * @param changes - the settings that `-c` changes for this deployment
 */
export const warnAboutSettings = (stack: Stack, settings: Settings, changes: Changes) => {
  const warn: Warn = (id, text) => Annotations.of(stack).addWarningV2(`study-sessions:${id}`, text);
  checkUnits(settings, warn);
  checkEndpoint(settings, warn);
  checkProduction(settings, warn);
  checkChanges(settings, changes, warn);
};
