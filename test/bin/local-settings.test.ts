import { expect, test } from "@jest/globals";
import { CallError } from "../../bin/command-line.ts";
import {
  checkTableName,
  readAddress,
  readServiceSettings,
  readTableSettings,
} from "../../bin/local-settings.ts";

test("needs no variable", () => {
  expect(readServiceSettings({})).toEqual({
    tableName: "StudySessions",
    allowedOrigins: ["*"],
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
    dataDir: ".data",
    endpoint: undefined,
    host: undefined,
    port: 5000,
  });
  expect(readAddress({}, "8000")).toEqual({ host: undefined, port: 8000 });
});

test("reads every variable", () => {
  const place = {
    TABLE_NAME: "Other",
    DATA_DIR: "folder",
    AWS_ENDPOINT_URL_DYNAMODB: "https://db.example:8000",
  };
  const table = { tableName: "Other", dataDir: "folder", endpoint: "https://db.example:8000" };
  expect(readTableSettings(place)).toEqual(table);
  const variables = {
    ...place,
    PORT: "65535",
    HOST: "0.0.0.0",
    ALLOWED_ORIGINS: "https://portal.example",
    ID_BLOCK_SIZE: "10",
    REFERENCE_CACHE_SECONDS: "0",
    LOG_LEVEL: "WARN",
  };
  expect(readServiceSettings(variables)).toEqual({
    ...table,
    host: "0.0.0.0",
    port: 65535,
    allowedOrigins: ["https://portal.example"],
    idBlockSize: 10,
    referenceCacheSeconds: 0,
    logLevel: "WARN",
  });
});

test("takes an empty URL of an engine for none", () => {
  expect(readTableSettings({ AWS_ENDPOINT_URL_DYNAMODB: "" })).toMatchObject({ endpoint: undefined });
});

const NOT_A_NAME = "is not the name of a table. Expected 3 to 255 of a-z, A-Z, 0-9, _ . -";

test.each([
  [{ PORT: "abc" }, 'PORT: "abc" is not a port. Expected a number from 0 (a free one) to 65535'],
  [{ PORT: "65536" }, 'PORT: "65536" is not a port. Expected a number from 0 (a free one) to 65535'],
  [{ PORT: "" }, 'PORT: "" is not a port. Expected a number from 0 (a free one) to 65535'],
  [{ HOST: "" }, "HOST is empty. Expected the address to listen on"],
  [{ DATA_DIR: "" }, "DATA_DIR is empty. Expected the folder to keep the data in"],
  [{ TABLE_NAME: "x" }, `TABLE_NAME: "x" ${NOT_A_NAME}`],
  [{ TABLE_NAME: "a b c" }, `TABLE_NAME: "a b c" ${NOT_A_NAME}`],
  [{ TABLE_NAME: "" }, `TABLE_NAME: "" ${NOT_A_NAME}`],
  [
    { AWS_ENDPOINT_URL_DYNAMODB: "localhost:8000" },
    'AWS_ENDPOINT_URL_DYNAMODB: http:// is missing in "localhost:8000". Expected http://localhost:8000',
  ],
  [
    { AWS_ENDPOINT_URL_DYNAMODB: "http://" },
    'AWS_ENDPOINT_URL_DYNAMODB: "http://" is not a URL such as http://127.0.0.1:8000',
  ],
  [
    { AWS_ENDPOINT_URL_DYNAMODB: "ftp://x" },
    'AWS_ENDPOINT_URL_DYNAMODB: "ftp://x" is not a URL such as http://127.0.0.1:8000',
  ],
  // The other variables of the function have a table of their own in environment.test.ts.
  [{ LOG_LEVEL: "debug" }, 'LOG_LEVEL: "debug" is not one of INFO, WARN, ERROR'],
])("refuses %j as a wrong call", (variables, message) => {
  expect(() => readServiceSettings(variables)).toThrow(message);
  expect(() => readServiceSettings(variables)).toThrow(CallError);
});

test("names the option that has no name of a table", () => {
  expect(() => checkTableName("x".repeat(256), "--table")).toThrow(
    new CallError(`--table: "${"x".repeat(256)}" ${NOT_A_NAME}`),
  );
});
