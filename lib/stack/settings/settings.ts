import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as v from "valibot";
import { MAX_ID_BLOCK_SIZE, MAX_REFERENCE_CACHE_SECONDS } from "../../../functions/environment.ts";
import { parseAllowedOrigins } from "../../../functions/http/origins.ts";
import { LOG_LEVELS } from "../../../functions/http/request-log.ts";
import { invalid, parse, unknownSetting } from "./setting-errors.ts";
import type { Stage, StageSettings } from "./stage-settings.ts";

const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (value): value is RetentionDays => typeof value === "number" && value !== RetentionDays.INFINITE,
);

const wholeNumber = (min: number, max: number) =>
  v.message(
    v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)),
    `a whole number from ${min} to ${max}`,
  );

export const oneOf = <T extends string | number>(choices: readonly T[]) =>
  v.picklist(choices, `one of ${choices.join(", ")}`);

const matching = (pattern: RegExp, expected: string) =>
  v.message(v.pipe(v.string(), v.regex(pattern)), expected);

/** Checks the settings of a stage. Each message says what is expected. */
export const SettingsSchema = v.object(
  {
    protection: v.boolean("true or false"),
    allowedOrigins: v.pipe(
      v.array(v.string(), "a list of origins"),
      v.transform((origins) => parseAllowedOrigins(origins.join(), "allowedOrigins")),
    ),
    throttleRate: wholeNumber(1, 10_000),
    throttleBurst: wholeNumber(1, 5_000),
    listThrottleRate: wholeNumber(1, 10_000),
    listThrottleBurst: wholeNumber(1, 5_000),
    maxReadUnits: wholeNumber(1, 40_000),
    maxWriteUnits: wholeNumber(1, 40_000),
    reservedConcurrency: v.optional(wholeNumber(1, 1_000)),
    idBlockSize: wholeNumber(1, MAX_ID_BLOCK_SIZE),
    referenceCacheSeconds: wholeNumber(0, MAX_REFERENCE_CACHE_SECONDS),
    logLevel: oneOf(LOG_LEVELS),
    logRetentionDays: oneOf(RETENTION_DAYS),
    alarmEmail: v.optional(matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address")),
    alarmTopicArn: v.optional(
      matching(
        /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/,
        "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>",
      ),
    ),
    jwtIssuer: v.optional(
      matching(/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/, "a URL with https:// and without a query"),
    ),
    jwtAudience: v.optional(
      v.pipe(
        v.array(matching(/^[^\s,]+$/, "names without spaces and commas"), "a list of names"),
        v.minLength(1, "a list of names"),
        v.readonly(),
      ),
    ),
    domainName: v.optional(
      matching(
        /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        "a domain name in small letters, such as api.portal.example",
      ),
    ),
    certificateArn: v.optional(
      matching(
        /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
        "the ARN of a certificate, arn:aws:acm:<region>:<account>:certificate/<id>",
      ),
    ),
    tableName: v.optional(
      matching(/^[\w.-]{3,255}$/, "the name of a table, 3 to 255 of a-z, A-Z, 0-9, _ . -"),
    ),
  } satisfies Record<keyof StageSettings, v.GenericSchema>,
  "a value",
);

export type Settings = StageSettings & { readonly stage: Stage };

export const SETTING_NAMES = Object.keys(SettingsSchema.entries);

/** Names of settings that make sense together only. */
const PAIRS = [
  ["jwtIssuer", "jwtAudience"],
  ["domainName", "certificateArn"],
] as const;

/**
 * Checks what the types of the settings can't refuse, such as ranges.
 * @throws Error of one line that names the setting, its value and what was expected
 */
export const checkSettings = (stage: Stage, values: StageSettings): Settings => {
  const unknown = Object.keys(values).find((name) => !SETTING_NAMES.includes(name));
  if (unknown !== undefined)
    throw unknownSetting(unknown, SETTING_NAMES, `There are ${SETTING_NAMES.join(", ")}`);
  const settings = parse(SettingsSchema, values);
  for (const pair of PAIRS) {
    const [given] = pair.filter((name) => settings[name] !== undefined);
    const missing = pair.find((name) => settings[name] === undefined);
    if (given && missing)
      throw invalid(missing, undefined, `a value, since ${given} is ${JSON.stringify(settings[given])}`);
  }
  return { stage, ...settings };
};

/** Settings that name a resource that has to be in the region of the stack. */
const REGIONAL = ["alarmTopicArn", "certificateArn"] as const;

/** The account and region of a deployment, as the CDK finds them. */
interface Target {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/**
 * Checks that the deployment goes to the region of what the settings name. AWS would notice another region only when
 * the stack is half created. Without an account nothing is deployed, and the CDK's region may be only its default.
 * @throws Error of one line that names the setting, its value and what was expected
 */
export const checkRegion = (settings: StageSettings, { account, region }: Target) => {
  if (account === undefined || region === undefined) return;
  for (const name of REGIONAL) {
    const arn = settings[name];
    if (arn !== undefined && arn.split(":")[3] !== region)
      throw invalid(name, arn, `an ARN in ${region}, the region of this deployment`);
  }
};
