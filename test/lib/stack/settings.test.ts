import { expect, test } from "@jest/globals";
import { createSettings } from "../../support/synthesize.ts";

test("the defaults of cdk.json are a production stage, open to every origin", () => {
  expect(createSettings()).toEqual({
    stage: "prod",
    allowedOrigins: ["*"],
    throttleRate: 20,
    throttleBurst: 40,
    listThrottleRate: 5,
    listThrottleBurst: 10,
    maxReadUnits: 1200,
    maxWriteUnits: 200,
    reservedConcurrency: undefined,
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
    logRetentionDays: 30,
    alarmEmail: undefined,
    jwtIssuer: undefined,
    jwtAudience: undefined,
  });
});

test("every setting is read from its text", () => {
  const settings = createSettings({
    stage: "dev",
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
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: "portal,admin",
  });

  expect(settings).toEqual({
    stage: "dev",
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
    jwtIssuer: "https://login.portal.example/",
    jwtAudience: "portal,admin",
  });
});

test.each([
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
    'jwtAudience: "" is not valid. Expected an audience, since jwtIssuer is "https://login.example"',
  ],
  [
    { jwtAudience: "portal" },
    'jwtIssuer: "" is not valid. Expected an issuer, since jwtAudience is "portal"',
  ],
  [
    { allowedOrigin: "*" },
    expect.stringMatching(/^allowedOrigin: no such setting. There are stage, allowedOrigins, /),
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
])(
  "%j is refused by name, with the value and what was expected",
  (changes: Record<string, string>, message) => {
    expect(() => createSettings(changes)).toThrow(expect.objectContaining({ message }));
  },
);

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
