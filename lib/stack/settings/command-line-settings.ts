import * as v from "valibot";
import { parse, unknownSetting } from "./setting-errors.ts";
import { checkSettings, oneOf, SETTING_NAMES, SettingsSchema } from "./settings.ts";
import { STAGE_SETTINGS, STAGES } from "./stage-settings.ts";

/** Context keys that the CDK's libraries and command use themselves. All keys with a colon are theirs. */
const CDK_CONTEXT = /:|^cdk-|^(cli-telemetry|acknowledged-issue-numbers)$/;

const { maxWriteUnits, tableName } = SettingsSchema.entries;

/** The stage, and the settings that a runbook changes for one deployment. */
const CommandLine = v.object(
  {
    stage: oneOf(STAGES),
    protection: v.exactOptional(
      v.pipe(
        oneOf(["on", "off"]),
        v.transform((text) => text === "on"),
      ),
    ),
    maxWriteUnits: v.exactOptional(
      v.pipe(
        v.unknown(),
        v.transform((text) => (/^\d+$/.test(String(text)) ? Number(text) : text)),
        maxWriteUnits,
      ),
    ),
    tableName: v.exactOptional(tableName.wrapped),
  },
  "a value",
);

const NAMES = Object.keys(CommandLine.entries);
const ADVICE = `-c takes ${NAMES.join(", ")}. All other settings are in lib/stack/settings/stage-settings.ts`;

const refuse = (name: string) => {
  if (name === "settings") return new Error(`settings: cdk.json no longer has settings. ${ADVICE}`);
  if (SETTING_NAMES.includes(name)) return new Error(`${name}: -c can't change it. ${ADVICE}`);
  return unknownSetting(name, [...NAMES, ...SETTING_NAMES], ADVICE);
};

/**
 * Reads the settings of the stage that `-c stage=…` or `cdk.json` names.
 * @param context - the context of the CDK, in which `-c name=value` is a member
 * @returns the settings, and those among them that the next deployment won't have
 * @throws Error of one line that names the setting, its value and what was expected
 */
export const readSettings = (context: Readonly<Record<string, unknown>>) => {
  const unknown = Object.keys(context).find((name) => !CDK_CONTEXT.test(name) && !NAMES.includes(name));
  if (unknown !== undefined) throw refuse(unknown);
  const { stage, ...changes } = parse(CommandLine, context);
  return { settings: checkSettings(stage, { ...STAGE_SETTINGS[stage], ...changes }), changes };
};
