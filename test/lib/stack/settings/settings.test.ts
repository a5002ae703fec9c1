import { describe, expect, test } from "@jest/globals";
import { checkRegion, checkSettings, type Settings } from "../../../../lib/stack/settings/settings.ts";
import { STAGE_SETTINGS } from "../../../../lib/stack/settings/stage-settings.ts";
import { createSettings } from "../../../support/settings.ts";

const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef";

test("production is open to every origin, and nothing optional is set", () => {
  expect(createSettings()).toEqual({
    stage: "prod",
    protection: true,
    allowedOrigins: ["*"],
    throttleRate: 20,
    throttleBurst: 40,
    listThrottleRate: 5,
    listThrottleBurst: 10,
    maxReadUnits: 1300,
    maxWriteUnits: 200,
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
    logRetentionDays: 30,
  });
});

test("the stage dev is not protected, and takes the contract tests at full speed", () => {
  expect(createSettings({ stage: "dev" })).toEqual({
    ...createSettings(),
    stage: "dev",
    protection: false,
    throttleRate: 50,
    throttleBurst: 400,
    listThrottleRate: 10,
    listThrottleBurst: 100,
    maxReadUnits: 12_600,
    maxWriteUnits: 1200,
  });
});

test("every setting can be set", () => {
  const settings = {
    stage: "dev",
    protection: true,
    allowedOrigins: ["https://portal.example", "http://localhost:5173"],
    throttleRate: 10_000,
    throttleBurst: 5_000,
    listThrottleRate: 1,
    listThrottleBurst: 1,
    maxReadUnits: 1,
    maxWriteUnits: 40_000,
    reservedConcurrency: 25,
    idBlockSize: 20,
    referenceCacheSeconds: 0,
    logLevel: "WARN",
    logRetentionDays: 7,
    alarmEmail: "owner@portal.example",
    alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call",
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: ["portal", "admin"],
    domainName: "api.portal.example",
    certificateArn: CERTIFICATE,
    tableName: "StudySessions-restored",
  } as const;
  expect(createSettings(settings)).toEqual(settings);
});

const ORIGINS =
  "Expected * alone, or a comma-separated list of scheme://host[:port], without a slash at the end";
const TOPIC = "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>";
const ISSUER = "a URL with https:// and without a query";
const DOMAIN = "a domain name in small letters, such as api.portal.example";
const TABLE = "the name of a table, 3 to 255 of a-z, A-Z, 0-9, _ . -";

test.each<[setting: string, value: unknown, expected: string]>([
  ["protection", "on", "true or false"],
  ["allowedOrigins", "*", "a list of origins"],
  ["throttleRate", -1, "a whole number from 1 to 10000"],
  ["throttleBurst", "many", "a whole number from 1 to 5000"],
  ["listThrottleRate", 0, "a whole number from 1 to 10000"],
  ["listThrottleBurst", 5001, "a whole number from 1 to 5000"],
  ["maxReadUnits", 0.5, "a whole number from 1 to 40000"],
  ["maxWriteUnits", 40_001, "a whole number from 1 to 40000"],
  ["reservedConcurrency", 0, "a whole number from 1 to 1000"],
  ["idBlockSize", 1001, "a whole number from 1 to 1000"],
  ["referenceCacheSeconds", 3601, "a whole number from 0 to 3600"],
  ["logLevel", "DEBUG", "one of INFO, WARN, ERROR"],
  ["logRetentionDays", 31, "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400"],
  ["alarmEmail", "owner", "an e-mail address"],
  ["alarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:on-call.fifo", TOPIC],
  ["alarmTopicArn", "arn:aws:sqs:eu-west-1:123456789012:on-call", TOPIC],
  ["jwtIssuer", "http://login.example", ISSUER],
  ["jwtIssuer", "login.example", ISSUER],
  ["jwtIssuer", "https://login.example/a b", ISSUER],
  ["jwtIssuer", "https://login.example/?tenant=1", ISSUER],
  ["jwtAudience", [], "a list of names"],
  ["domainName", "localhost", DOMAIN],
  ["domainName", "API.portal.example", DOMAIN],
  ["domainName", "https://api.portal.example", DOMAIN],
  ["domainName", "-api.portal.example", DOMAIN],
  ["domainName", `${"a.".repeat(126)}aa`, DOMAIN],
  [
    "certificateArn",
    "arn:aws:iam::123456789012:server-certificate/api",
    "the ARN of a certificate, arn:aws:acm:<region>:<account>:certificate/<id>",
  ],
  ["tableName", "ab", TABLE],
  ["tableName", "study sessions", TABLE],
  ["tableName", "arn:aws:dynamodb:eu-west-1:123456789012:table/s", TABLE],
  ["tableName", "a".repeat(256), TABLE],
])("%s is not %j", (setting, value, expected) => {
  expect(() => createSettings({ [setting]: value })).toThrow(
    `${setting}: ${JSON.stringify(value)} is not valid. Expected ${expected}`,
  );
});

test.each<[changes: object, message: string]>([
  [{ allowedOrigins: ["portal.example"] }, `allowedOrigins: "portal.example" is not an origin. ${ORIGINS}`],
  [{ allowedOrigins: [] }, `allowedOrigins: "" is not an origin. ${ORIGINS}`],
  [
    { jwtIssuer: "https://login.example", jwtAudience: ["portal,admin"] },
    'jwtAudience: "portal,admin" is not valid. Expected names without spaces and commas',
  ],
  [
    { jwtIssuer: "https://login.example" },
    'jwtAudience is missing. Expected a value, since jwtIssuer is "https://login.example"',
  ],
  [{ jwtAudience: ["portal"] }, 'jwtIssuer is missing. Expected a value, since jwtAudience is ["portal"]'],
  [
    { domainName: "api.portal.example" },
    'certificateArn is missing. Expected a value, since domainName is "api.portal.example"',
  ],
  [
    { certificateArn: CERTIFICATE },
    `domainName is missing. Expected a value, since certificateArn is "${CERTIFICATE}"`,
  ],
  [{ throttleRate: undefined }, "throttleRate is missing. Expected a whole number from 1 to 10000"],
  [
    { ALARM_EMAIL: "owner@portal.example" },
    "ALARM_EMAIL: no such setting. Did you mean alarmEmail? There are protection, allowedOrigins, ",
  ],
])("%j is refused with the name of the setting, and with what was expected", (changes, message) => {
  expect(() => createSettings(changes)).toThrow(message);
});

test("a stage has to have every setting that is not optional", () => {
  const { maxReadUnits, ...others } = STAGE_SETTINGS.prod;
  expect(() => checkSettings("prod", others as typeof STAGE_SETTINGS.prod)).toThrow(
    "maxReadUnits is missing. Expected a value",
  );
});

describe("a deployment to eu-west-1", () => {
  const ACCOUNT = "123456789012";
  const check = (changes: Partial<Settings>) => {
    const settings = createSettings({
      domainName: "api.portal.example",
      certificateArn: CERTIFICATE,
      ...changes,
    });
    return () => checkRegion(settings, { account: ACCOUNT, region: "eu-west-1" });
  };
  const topicIn = (region: string) => `arn:aws:sns:${region}:${ACCOUNT}:on-call`;

  test("takes a topic and a certificate of its region, or none", () => {
    expect(check({ alarmTopicArn: topicIn("eu-west-1") })).not.toThrow();
    expect(check({ domainName: undefined, certificateArn: undefined })).not.toThrow();
  });

  test.each([
    ["alarmTopicArn", topicIn("eu-west-2")],
    ["certificateArn", CERTIFICATE.replace("eu-west-1", "us-east-1")],
  ])("refuses %s %j", (name, arn) => {
    expect(check({ [name]: arn })).toThrow(
      `${name}: "${arn}" is not valid. Expected an ARN in eu-west-1, the region of this deployment`,
    );
  });
});

test("a synthesis without credentials takes every region", () => {
  const settings = createSettings({ domainName: "api.portal.example", certificateArn: CERTIFICATE });
  expect(() => checkRegion(settings, { account: undefined, region: "us-east-1" })).not.toThrow();
});
