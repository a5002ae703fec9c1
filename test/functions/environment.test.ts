import { expect, test } from "@jest/globals";
import { readEnvironment } from "../../functions/environment.ts";

test("needs nothing but the name of the table", () => {
  expect(readEnvironment({ TABLE_NAME: "Sessions" })).toEqual({
    tableName: "Sessions",
    allowedOrigins: ["*"],
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
  });
});

test("reads every setting", () => {
  const variables = {
    TABLE_NAME: "Sessions",
    ALLOWED_ORIGINS: "https://portal.example",
    ID_BLOCK_SIZE: "1000",
    REFERENCE_CACHE_SECONDS: "3600",
    LOG_LEVEL: "ERROR",
  };
  expect(readEnvironment(variables)).toEqual({
    tableName: "Sessions",
    allowedOrigins: ["https://portal.example"],
    idBlockSize: 1000,
    referenceCacheSeconds: 3600,
    logLevel: "ERROR",
  });
});

test.each([
  [{ TABLE_NAME: undefined }, "TABLE_NAME is missing: the name of the DynamoDB table"],
  [{ TABLE_NAME: "" }, "TABLE_NAME is missing: the name of the DynamoDB table"],
  [{ ID_BLOCK_SIZE: "0" }, 'ID_BLOCK_SIZE: "0" is not a whole number from 1 to 1000'],
  [{ ID_BLOCK_SIZE: "1001" }, 'ID_BLOCK_SIZE: "1001" is not a whole number from 1 to 1000'],
  [
    { REFERENCE_CACHE_SECONDS: "3601" },
    'REFERENCE_CACHE_SECONDS: "3601" is not a whole number from 0 to 3600',
  ],
  [{ LOG_LEVEL: "info" }, 'LOG_LEVEL: "info" is not one of INFO, WARN, ERROR'],
  [{ ALLOWED_ORIGINS: "portal" }, 'ALLOWED_ORIGINS: "portal" is not an origin'],
])("names what is wrong in %j", (changes, message) => {
  expect(() => readEnvironment({ TABLE_NAME: "Sessions", ...changes })).toThrow(message);
});
