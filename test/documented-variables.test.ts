import { expect, test } from "@jest/globals";
import { readServiceSettings } from "../bin/local-settings.ts";
import { readTable } from "./support/documentation.ts";
import { startCommandProcess } from "./support/service-process.ts";

const readCode = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** The defaults of each variable: none, or one, and for the port another one for `npm run db`. */
const documented = Object.fromEntries(
  readTable("docs/local.md", "Variables of the environment").map((row) => [
    readCode(row.variable)[0] ?? "",
    readCode(row.default).filter((code) => !code.includes("npm")),
  ]),
);

/** @returns the variables that --help describes, each with its default or an empty text */
const readHelp = async (script: string) => {
  const { output } = await startCommandProcess(script, {}, "--help").exited;
  const variables = output.matchAll(/^ {2}([A-Z_]{2,}) +(?:(\S+?)(?=[:;]|$))?/gm);
  return [...variables].map(([, name, value = ""]) => [name, value]);
};

test("the documented variables are those of npm start --help", async () => {
  expect(Object.entries(documented).map(([name, [value = ""]]) => [name, value])).toEqual(
    await readHelp("bin/start.ts"),
  );
});

test("the documented variables have those of npm run db --help", async () => {
  const variables = Object.entries(documented).map(([name, values]) => [name, values.at(-1) ?? ""]);
  expect(variables).toEqual(expect.arrayContaining(await readHelp("bin/db.ts")));
});

test("the documented defaults are those of the code", () => {
  const { port, host, dataDir, tableName, endpoint, ...settings } = readServiceSettings({});
  const defaults = {
    PORT: port,
    HOST: host,
    DATA_DIR: dataDir,
    TABLE_NAME: tableName,
    ALLOWED_ORIGINS: settings.allowedOrigins,
    ID_BLOCK_SIZE: settings.idBlockSize,
    REFERENCE_CACHE_SECONDS: settings.referenceCacheSeconds,
    LOG_LEVEL: settings.logLevel,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  };
  expect(Object.entries(defaults).map(([name, value = ""]) => [name, String(value)])).toEqual(
    Object.keys(defaults).map((name) => [name, documented[name]?.[0] ?? ""]),
  );
});
