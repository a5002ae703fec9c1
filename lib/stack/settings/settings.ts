import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as v from "valibot";
import { MAX_ID_BLOCK_SIZE, MAX_REFERENCE_CACHE_SECONDS } from "../../../functions/environment.ts";
import { parseAllowedOrigins } from "../../../functions/http/origins.ts";
import { LOG_LEVELS } from "../../../functions/http/request-log.ts";
import { invalid, parse, unknownSetting } from "./setting-errors.ts";

export const STAGES = ["prod", "dev"] as const;
export type Stage = (typeof STAGES)[number];

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

/** Each message says what is expected. */
export const StageSettings = v.object(
  {
    /** Protects the table, its data and the stack from being deleted. `false` allows `npm run destroy`. */
    protection: v.boolean("true or false"),
    /** The origins whose pages may call the service, such as `https://portal.example`. `*` alone allows all. */
    allowedOrigins: v.pipe(
      v.array(v.string(), "a list of origins"),
      v.transform((origins) => parseAllowedOrigins(origins.join(), "allowedOrigins")),
    ),
    /** Creates per second, and reads of one session per second: 1 to 10,000. Above this the gateway responds with 429. */
    throttleRate: wholeNumber(1, 10_000),
    /** Creates at once, and reads of one session at once: 1 to 5,000. */
    throttleBurst: wholeNumber(1, 5_000),
    /** Pages of the list per second: 1 to 10,000. */
    listThrottleRate: wholeNumber(1, 10_000),
    /** Pages of the list at once: 1 to 5,000. */
    listThrottleBurst: wholeNumber(1, 5_000),
    /** Read units of the table per second, at most: 1 to 40,000. */
    maxReadUnits: wholeNumber(1, 40_000),
    /** Write units of the table per second, at most: 1 to 40,000. */
    maxWriteUnits: wholeNumber(1, 40_000),
    /** Concurrent creates that the account keeps for this service, and the most that run: 1 to 1,000. */
    reservedConcurrency: v.optional(wholeNumber(1, 1_000)),
    /** Ids that a running function reserves with one write to the counter: 1 to 1,000. */
    idBlockSize: wholeNumber(1, MAX_ID_BLOCK_SIZE),
    /** Seconds for which a known group or study activity stays cached: 0 to 3,600. 0 disables the cache. */
    referenceCacheSeconds: wholeNumber(0, MAX_REFERENCE_CACHE_SECONDS),
    /** The lowest level that is logged. Above `INFO` the log has no successful requests. */
    logLevel: oneOf(LOG_LEVELS),
    /** Days for which all logs are kept: one of the numbers that CloudWatch offers. */
    logRetentionDays: oneOf(RETENTION_DAYS),
    /** The address that gets a mail from each alarm. */
    alarmEmail: v.optional(matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address")),
    /** The ARN of an SNS topic that each alarm notifies. Alarms can't publish to a topic whose name ends in `.fifo`. */
    alarmTopicArn: v.optional(
      matching(
        /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/,
        "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>",
      ),
    ),
    /** The URL of the issuer whose tokens the gateway requires. Needs `jwtAudience`. Without it everybody can call the service. */
    jwtIssuer: v.optional(matching(/^https:\/\/[^\s/]+/, "a URL with https://")),
    /** The audiences of which a token must name one. */
    jwtAudience: v.optional(
      v.pipe(
        v.array(matching(/^[^\s,]+$/, "names without spaces and commas"), "a list of names"),
        v.minLength(1, "a list of names"),
        v.readonly(),
      ),
    ),
    /** The custom domain of the API. Needs `certificateArn`. */
    domainName: v.optional(
      matching(
        /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        "a domain name in small letters, such as api.portal.example",
      ),
    ),
    /** The ARN of the certificate for `domainName`, in the region of the stack. */
    certificateArn: v.optional(
      matching(
        /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
        "the ARN of a certificate, arn:aws:acm:<region>:<account>:certificate/<id>",
      ),
    ),
    /** The name of a table to use instead of the stack's own, such as a restored one. */
    tableName: v.optional(
      matching(/^[\w.-]{3,255}$/, "the name of a table, 3 to 255 of a-z, A-Z, 0-9, _ . -"),
    ),
  },
  "a value",
);
export type StageSettings = v.InferOutput<typeof StageSettings>;

export type Settings = StageSettings & { readonly stage: Stage };

export const SETTING_NAMES = Object.keys(StageSettings.entries);

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
  const settings = parse(StageSettings, values);
  for (const pair of PAIRS) {
    const [given] = pair.filter((name) => settings[name] !== undefined);
    const missing = pair.find((name) => settings[name] === undefined);
    if (given && missing)
      throw invalid(missing, undefined, `a value, since ${given} is ${JSON.stringify(settings[given])}`);
  }
  return { stage, ...settings };
};
