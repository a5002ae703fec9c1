import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { LogLevel } from "../../../functions/http/request-log.ts";

export const STAGES = ["prod", "dev"] as const;
export type Stage = (typeof STAGES)[number];

/** The settings that a stage can have. The synthesis refuses a value that is out of range. */
export interface StageSettings {
  /** Protects the table, its data and the stack from being deleted. `false` allows `npm run destroy`. */
  readonly protection: boolean;
  /** The origins whose pages may call the service, such as `https://portal.example`. `*` alone allows all. */
  readonly allowedOrigins: readonly string[];
  /** Creates per second, and reads of one session per second: 1 to 10,000. Above this the gateway responds with 429. */
  readonly throttleRate: number;
  /** Creates at once, and reads of one session at once: 1 to 5,000. */
  readonly throttleBurst: number;
  /** Pages of the list per second: 1 to 10,000. */
  readonly listThrottleRate: number;
  /** Pages of the list at once: 1 to 5,000. */
  readonly listThrottleBurst: number;
  /** The highest number of read units of the table per second: 1 to 40,000. */
  readonly maxReadUnits: number;
  /** The highest number of write units of the table per second: 1 to 40,000. */
  readonly maxWriteUnits: number;
  /** The account keeps this concurrency for creates, and no more creates run at once: 1 to 1,000. */
  readonly reservedConcurrency?: number | undefined;
  /** Ids that a running function reserves with one write to the counter: 1 to 1,000. */
  readonly idBlockSize: number;
  /** Seconds for which a known group or study activity stays cached: 0 to 3,600. 0 disables the cache. */
  readonly referenceCacheSeconds: number;
  /** The lowest level that is logged. Above `INFO` the log has no successful requests. */
  readonly logLevel: LogLevel;
  /** Days for which all logs are kept: one of the numbers that CloudWatch offers. */
  readonly logRetentionDays: RetentionDays;
  /** The address that gets a mail from each alarm. */
  readonly alarmEmail?: string | undefined;
  /** The ARN of an SNS topic that each alarm notifies. Alarms can't publish to a topic whose name ends in `.fifo`. */
  readonly alarmTopicArn?: string | undefined;
  /** The URL of the issuer of the tokens that the gateway requires, with `jwtAudience`. Without it the service is open. */
  readonly jwtIssuer?: string | undefined;
  /** The audiences of which a token must name one. */
  readonly jwtAudience?: readonly string[] | undefined;
  /** The custom domain of the API. Needs `certificateArn`. */
  readonly domainName?: string | undefined;
  /** The ARN of the certificate for `domainName`, in the region of the stack. */
  readonly certificateArn?: string | undefined;
  /** The name of a table to use instead of the stack's own, such as a restored one. */
  readonly tableName?: string | undefined;
}

/** The settings that both stages share. */
const SHARED = {
  allowedOrigins: ["*"],
  idBlockSize: 1,
  referenceCacheSeconds: 60,
  logLevel: "INFO",
  logRetentionDays: 30,
} satisfies Partial<StageSettings>;

/** The settings of each stage. Optional ones, such as `alarmEmail`, are added where a stage needs them. */
export const STAGE_SETTINGS: Readonly<Record<Stage, StageSettings>> = {
  prod: {
    ...SHARED,
    protection: true,
    throttleRate: 20,
    throttleBurst: 40,
    listThrottleRate: 5,
    listThrottleBurst: 10,
    maxReadUnits: 1300,
    maxWriteUnits: 200,
  },
  // The bursts are large enough for the contract tests.
  dev: {
    ...SHARED,
    protection: false,
    throttleRate: 50,
    throttleBurst: 400,
    listThrottleRate: 10,
    listThrottleBurst: 100,
    maxReadUnits: 12_600,
    maxWriteUnits: 1200,
  },
};
