import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { MAX_ID_BLOCK_SIZE, MAX_REFERENCE_CACHE_SECONDS } from "../../../functions/environment.ts";
import { parseAllowedOrigins } from "../../../functions/http/origins.ts";
import { LOG_LEVELS } from "../../../functions/http/request-log.ts";
import { invalid, matching, oneOf, onOrOff, optional, type Parse, wholeNumber } from "./setting-parsers.ts";
import { checkSettingNames, readSettingTexts } from "./settings-context.ts";

const retentionDays = Object.values(RetentionDays).filter(
  (value) => typeof value === "number" && value !== RetentionDays.INFINITE,
) as RetentionDays[];

const email = matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");

/** Alarms can't publish to a topic whose name ends in `.fifo`. */
const topicArn = matching(
  /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/,
  "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>",
);

const certificateArn = matching(
  /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
  "the ARN of a certificate, arn:aws:acm:<region>:<account>:certificate/<id>",
);

const domainName = matching(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
  "a domain name in small letters, such as api.portal.example",
);

const tableName = matching(/^[\w.-]{3,255}$/, "the name of a table, 3 to 255 of a-z, A-Z, 0-9, _ . -");

/** Names of settings that make sense together only. */
const PAIRS = [
  ["jwtIssuer", "jwtAudience"],
  ["domainName", "certificateArn"],
] as const;

/**
 * Reads the settings of the stack from the CDK's context: those of all stages and those of one in `cdk.json`, both
 * overridden by `-c name=value`. An empty text means "not set", where that is allowed.
 * @throws Error of one line that names the setting, the value got and what was expected
 */
export const parseSettings = (context: Readonly<Record<string, unknown>>) => {
  const { stage, texts } = readSettingTexts(context);
  const read = <T>(setting: string, parse: Parse<T>) => parse(String(texts[setting] ?? ""), setting);

  const settings = {
    protection: read("protection", onOrOff),
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
    alarmEmail: read("alarmEmail", optional(email)),
    alarmTopicArn: read("alarmTopicArn", optional(topicArn)),
    jwtIssuer: read("jwtIssuer", optional(matching(/^https:\/\/[^\s/]+/, "a URL with https://"))),
    jwtAudience: read("jwtAudience", optional(matching(/^[^\s,]+(,[^\s,]+)*$/, "names joined by commas"))),
    domainName: read("domainName", optional(domainName)),
    certificateArn: read("certificateArn", optional(certificateArn)),
    tableName: read("tableName", optional(tableName)),
  };
  checkSettingNames(context, Object.keys(settings));
  for (const pair of PAIRS) {
    const [given] = pair.filter((name) => settings[name] !== undefined);
    const missing = pair.find((name) => settings[name] === undefined);
    if (given && missing) throw invalid(missing, "", `a value, since ${given} is "${settings[given]}"`);
  }
  return { stage, ...settings };
};

export type Settings = ReturnType<typeof parseSettings>;
