import { expect, test } from "@jest/globals";
import cdkJson from "../../../../cdk.json" with { type: "json" };
import { parseSettings } from "../../../../lib/stack/settings/settings.ts";
import { createSettings } from "../../../support/synthesize.ts";

const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef";

test("the defaults of cdk.json are a production stage, open to every origin", () => {
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
    reservedConcurrency: undefined,
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
    logRetentionDays: 30,
    alarmEmail: undefined,
    alarmTopicArn: undefined,
    jwtIssuer: undefined,
    jwtAudience: undefined,
    domainName: undefined,
    certificateArn: undefined,
    tableName: undefined,
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
    maxReadUnits: 12_200,
    maxWriteUnits: 1200,
  });
});

test("the stage overrides the settings of all stages, and the command line overrides both", () => {
  const settings = {
    all: { ...cdkJson.context.settings.all, logLevel: "WARN", throttleRate: "3", throttleBurst: "4" },
    prod: { throttleRate: "5", throttleBurst: 6 },
    dev: { throttleBurst: "7" },
  };
  const { logLevel, throttleRate, throttleBurst } = parseSettings({
    stage: "prod",
    settings,
    throttleRate: "8",
  });
  expect({ logLevel, throttleRate, throttleBurst }).toEqual({
    logLevel: "WARN",
    throttleRate: 8,
    throttleBurst: 6,
  });
});

test("every setting is read from its text", () => {
  const settings = createSettings({
    stage: "dev",
    protection: "on",
    allowedOrigins: "https://portal.example,http://localhost:5173",
    throttleRate: "5",
    throttleBurst: "10",
    listThrottleRate: "2",
    listThrottleBurst: "3",
    maxReadUnits: "1",
    maxWriteUnits: "40000",
    reservedConcurrency: "25",
    idBlockSize: "20",
    referenceCacheSeconds: "0",
    logLevel: "WARN",
    logRetentionDays: "7",
    alarmEmail: "owner@portal.example",
    alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:on-call",
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: "portal,admin",
    domainName: "api.portal.example",
    certificateArn: CERTIFICATE,
    tableName: "StudySessions-restored",
  });

  expect(settings).toEqual({
    stage: "dev",
    protection: true,
    allowedOrigins: ["https://portal.example", "http://localhost:5173"],
    throttleRate: 5,
    throttleBurst: 10,
    listThrottleRate: 2,
    listThrottleBurst: 3,
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
    jwtAudience: "portal,admin",
    domainName: "api.portal.example",
    certificateArn: CERTIFICATE,
    tableName: "StudySessions-restored",
  });
});

test.each([
  [{ protection: "true" }, 'protection: "true" is not valid. Expected one of on, off'],
  [{ stage: "staging" }, 'stage: "staging" is not valid. Expected one of prod, dev'],
  [
    { allowedOrigins: "portal.example" },
    'allowedOrigins: "portal.example" is not an origin. Expected * alone, or a comma-separated list of scheme://host[:port]',
  ],
  [{ throttleRate: "-1" }, 'throttleRate: "-1" is not valid. Expected a whole number from 1 to 10000'],
  [{ throttleBurst: "many" }, 'throttleBurst: "many" is not valid. Expected a whole number from 1 to 5000'],
  [{ listThrottleRate: "0" }, 'listThrottleRate: "0" is not valid. Expected a whole number from 1 to 10000'],
  [
    { listThrottleBurst: "5001" },
    'listThrottleBurst: "5001" is not valid. Expected a whole number from 1 to 5000',
  ],
  [{ maxWriteUnits: "1e3" }, 'maxWriteUnits: "1e3" is not valid. Expected a whole number from 1 to 40000'],
  [
    { reservedConcurrency: "0" },
    'reservedConcurrency: "0" is not valid. Expected a whole number from 1 to 1000',
  ],
  [
    { logRetentionDays: "31" },
    expect.stringMatching(/^logRetentionDays: "31" is not valid. Expected one of 1, 3, 5, 7, 14, 30, /),
  ],
  [
    { referenceCacheSeconds: "3601" },
    'referenceCacheSeconds: "3601" is not valid. Expected a whole number from 0 to 3600',
  ],
  [{ alarmEmail: "owner" }, 'alarmEmail: "owner" is not valid. Expected an e-mail address'],
  [
    { jwtIssuer: "http://login.example", jwtAudience: "portal" },
    'jwtIssuer: "http://login.example" is not valid. Expected a URL with https://',
  ],
  [
    { jwtIssuer: "https://login.example" },
    'jwtAudience: "" is not valid. Expected a value, since jwtIssuer is "https://login.example"',
  ],
  [{ jwtAudience: "portal" }, 'jwtIssuer: "" is not valid. Expected a value, since jwtAudience is "portal"'],
  [
    { domainName: "api.portal.example" },
    'certificateArn: "" is not valid. Expected a value, since domainName is "api.portal.example"',
  ],
  [
    { certificateArn: CERTIFICATE },
    `domainName: "" is not valid. Expected a value, since certificateArn is "${CERTIFICATE}"`,
  ],
  [
    { allowedOrigin: "*" },
    expect.stringMatching(/^allowedOrigin: no such setting. There are stage, protection, allowedOrigins, /),
  ],
  [
    { "alarm-email": "owner@portal.example" },
    expect.stringMatching(/^alarm-email: no such setting. Did you mean alarmEmail\? /),
  ],
  [
    { THROTTLE_RATE: "5" },
    expect.stringMatching(/^THROTTLE_RATE: no such setting. Did you mean throttleRate\? /),
  ],
  [{ toString: "1" }, expect.stringMatching(/^toString: no such setting. There are stage, /)],
])("%j is refused by name, with the value and what was expected", (changes, message) => {
  expect(() => createSettings(changes)).toThrow(expect.objectContaining({ message }));
});

const TOPIC = "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>";
const DOMAIN = "a domain name in small letters, such as api.portal.example";
const TABLE = "the name of a table, 3 to 255 of a-z, A-Z, 0-9, _ . -";

test.each([
  ["alarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:on-call.fifo", TOPIC],
  ["alarmTopicArn", "arn:aws:sqs:eu-west-1:123456789012:on-call", TOPIC],
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
])("%s is not %j", (name, text, expected) => {
  expect(() => createSettings({ [name]: text })).toThrow(
    `${name}: "${text}" is not valid. Expected ${expected}`,
  );
});

test.each([
  ["all", { throttelRate: "5" }, /^settings\.all\.throttelRate: no such setting\. There are protection, /],
  ["dev", { ThrottleRate: "5" }, /^settings\.dev\.ThrottleRate: .* Did you mean throttleRate\? /],
  ["prod", { stage: "dev" }, /^settings\.prod\.stage: no such setting\. There are protection, /],
  ["Prod", {}, /^settings\.Prod: no such stage\. Did you mean prod\? There are all, prod, dev$/],
  ["staging", {}, /^settings\.staging: no such stage\. There are all, prod, dev$/],
])("in cdk.json, %s with %j is refused by its name", (level, changes, message) => {
  const settings: Record<string, object> = cdkJson.context.settings;
  const changed = { ...settings, [level]: { ...settings[level], ...changes } };
  expect(() => parseSettings({ stage: "prod", settings: changed })).toThrow(message);
});

test("the context of the CDK itself is no setting", () => {
  const context = {
    "aws:cdk:enable-path-metadata": "true",
    "@aws-cdk/core:checkSecretUsage": "true",
    "@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver": "true",
    "availability-zones:account=123456789012:region=us-east-1": "us-east-1a",
    "cli-telemetry": "true",
    "cdk-migrate": "true",
    "acknowledged-issue-numbers": "19179",
  };
  expect(createSettings(context)).toEqual(createSettings());
});
