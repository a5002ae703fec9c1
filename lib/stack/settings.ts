import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { MAX_ID_BLOCK_SIZE, MAX_REFERENCE_CACHE_SECONDS } from "../../functions/environment.ts";
import { parseAllowedOrigins } from "../../functions/origins.ts";
import { LOG_LEVELS } from "../../functions/request-log.ts";
import { parseWholeNumber } from "../../functions/whole-number.ts";

type Parse<T> = (text: string, setting: string) => T;

const invalid = (setting: string, text: string, expected: string) =>
  new Error(`${setting}: "${text}" is not valid. Expected ${expected}`);

const oneOf =
  <T extends string | number>(choices: readonly T[]): Parse<T> =>
  (text, setting) => {
    const choice = choices.find((value) => String(value) === text);
    if (choice !== undefined) return choice;
    throw invalid(setting, text, `one of ${choices.join(", ")}`);
  };

const wholeNumber =
  (min: number, max: number): Parse<number> =>
  (text, setting) => {
    const value = parseWholeNumber(text, { min, max });
    if (value !== undefined) return value;
    throw invalid(setting, text, `a whole number from ${min} to ${max}`);
  };

const matching =
  (pattern: RegExp, expected: string): Parse<string> =>
  (text, setting) => {
    if (pattern.test(text)) return text;
    throw invalid(setting, text, expected);
  };

const optional =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  (text, setting) =>
    text === "" ? undefined : parse(text, setting);

const retentionDays = Object.values(RetentionDays).filter(
  (value) => typeof value === "number" && value !== RetentionDays.INFINITE,
) as RetentionDays[];

/** What the CDK's libraries and command keep in the context themselves. All that has a colon is theirs. */
const CDK_CONTEXT = /:|^cdk-|^(cli-telemetry|acknowledged-issue-numbers)$/;

const checkNames = (names: readonly string[], settings: readonly string[]) => {
  const unknown = names.find((name) => !CDK_CONTEXT.test(name) && !settings.includes(name));
  if (unknown === undefined) return;
  const letters = unknown.replace(/[^a-z]/gi, "").toLowerCase();
  const near = settings.find((setting) => setting.toLowerCase() === letters);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new Error(`${unknown}: no such setting.${hint} There are ${settings.join(", ")}`);
};

/**
 * Reads the settings of the stack from the CDK's context: `cdk.json` holds the defaults, `-c name=value` overrides
 * them as text. An empty text means "not set", where that is allowed.
 * @throws Error of one line that names the setting, the value got and what was expected
 */
export const parseSettings = (context: Readonly<Record<string, unknown>>) => {
  const read = <T>(setting: string, parse: Parse<T>) => parse(String(context[setting] ?? ""), setting);

  const settings = {
    stage: read("stage", oneOf(["prod", "dev"])),
    allowedOrigins: read("allowedOrigins", parseAllowedOrigins),
    throttleRate: read("throttleRate", wholeNumber(1, 10_000)),
    throttleBurst: read("throttleBurst", wholeNumber(1, 5_000)),
    listThrottleRate: read("listThrottleRate", wholeNumber(1, 10_000)),
    listThrottleBurst: read("listThrottleBurst", wholeNumber(1, 5_000)),
    maxReadUnits: read("maxReadUnits", wholeNumber(1, 40_000)),
    maxWriteUnits: read("maxWriteUnits", wholeNumber(1, 40_000)),
    reservedConcurrency: read("reservedConcurrency", optional(wholeNumber(1, 1_000))),
    idBlockSize: read("idBlockSize", wholeNumber(1, MAX_ID_BLOCK_SIZE)),
    referenceCacheSeconds: read("referenceCacheSeconds", wholeNumber(0, MAX_REFERENCE_CACHE_SECONDS)),
    logLevel: read("logLevel", oneOf(LOG_LEVELS)),
    logRetentionDays: read("logRetentionDays", oneOf(retentionDays)),
    alarmEmail: read("alarmEmail", optional(matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"))),
    jwtIssuer: read("jwtIssuer", optional(matching(/^https:\/\/[^\s/]+/, "a URL with https://"))),
    jwtAudience: read("jwtAudience", optional(matching(/^[^\s,]+(,[^\s,]+)*$/, "names joined by commas"))),
  };
  checkNames(Object.keys(context), Object.keys(settings));
  const { jwtIssuer, jwtAudience } = settings;
  if (jwtIssuer && !jwtAudience)
    throw invalid("jwtAudience", "", `an audience, since jwtIssuer is "${jwtIssuer}"`);
  if (jwtAudience && !jwtIssuer)
    throw invalid("jwtIssuer", "", `an issuer, since jwtAudience is "${jwtAudience}"`);
  return settings;
};

export type Settings = ReturnType<typeof parseSettings>;
