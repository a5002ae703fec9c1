import type { Settings } from "../../lib/stack/settings/settings.ts";

export const ALARM_EMAIL = "owner@portal.example";
export const ALARM_TOPIC = "arn:aws:sns:eu-west-1:123456789012:on-call";

export const DOMAIN = {
  domainName: "api.portal.example",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab",
};

/** The settings of the templates that tests read. Together they make every resource that a setting adds or leaves out. */
export const TEMPLATE_SETTINGS = {
  prod: {},
  dev: { stage: "dev" },
  devWithEmail: { stage: "dev", alarmEmail: ALARM_EMAIL },
  devWithTopic: { stage: "dev", alarmTopicArn: ALARM_TOPIC },
  restored: { tableName: "StudySessions-restored", ...DOMAIN },
  unprotected: { protection: false },
  /** All settings but those of the table and its protection. */
  changed: {
    allowedOrigins: ["https://portal.example", "http://localhost:5173"],
    throttleRate: 5,
    throttleBurst: 8,
    listThrottleRate: 2,
    listThrottleBurst: 3,
    maxReadUnits: 50,
    maxWriteUnits: 60,
    reservedConcurrency: 25,
    idBlockSize: 20,
    referenceCacheSeconds: 0,
    logLevel: "WARN",
    logRetentionDays: 7,
    alarmEmail: ALARM_EMAIL,
    alarmTopicArn: ALARM_TOPIC,
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: ["portal", "admin"],
    ...DOMAIN,
  },
} satisfies Readonly<Record<string, Partial<Settings>>>;

/** The templates for SAM on this machine, with the architecture of their functions. */
export const LOCAL_TEMPLATES = { localArm64: "arm64", localX86: "x86_64" } as const;

export type TemplateName = keyof typeof TEMPLATE_SETTINGS | keyof typeof LOCAL_TEMPLATES;
