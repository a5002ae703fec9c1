import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createEvent } from "../support/events.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { synthesizeFunction } from "../support/synthesize-function.ts";
import { openTestTable, type TestTable } from "../support/test-table.ts";

const run = promisify(execFile);

/** Loads the bundle as Lambda does, in a process that has nothing of this project but the bundle. */
const INVOKE = `
  const [url, name, event] = process.argv.slice(1);
  const context = { awsRequestId: "r-1", getRemainingTimeInMillis: () => 6000 };
  import(url)
    .then((module) => module[name](JSON.parse(event), context))
    .then((answer) => console.log(JSON.stringify(answer)));
`;

let output: string;
let deployed: Awaited<ReturnType<typeof synthesizeFunction>>;
let table: TestTable;

beforeAll(async () => {
  table = await openTestTable();
  output = await mkdtemp(join(tmpdir(), "study-sessions-"));
  deployed = await synthesizeFunction(output);
}, 60_000);

afterAll(async () => {
  await table.close();
  await rm(output, { recursive: true });
});

const CREDENTIALS = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
};

const invoke = (variables: Readonly<Record<string, string>>) => {
  const { file, handlerName } = deployed;
  return run(
    process.execPath,
    ["-e", INVOKE, pathToFileURL(file).href, handlerName, JSON.stringify(createEvent())],
    {
      cwd: output,
      env: {
        ...CREDENTIALS,
        AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
        ...variables,
      },
    },
  );
};

test("creates a session from the bundle that is deployed, and logs one line", async () => {
  const { stdout, stderr } = await invoke({ TABLE_NAME: table.tableName });
  const [entry, answer] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answer).toMatchObject({ statusCode: 201, headers: { "Content-Type": "application/json" } });
  const session = JSON.parse(answer.body);
  expect(session).toMatchObject({ id: expect.any(Number), group_id: 1, study_activity_id: 2 });
  expect(entry).toMatchObject({ level: "INFO", requestId: "r-1", status: 201, ...session });
  expect(stderr).toBe("");
}, 20_000);

test("has no lazy initialisers, and leaves out only what DynamoDB never needs", async () => {
  const bundle = await readFile(deployed.file, "utf8");
  expect(bundle.includes("__esm")).toBe(false);
  const imported = [...bundle.matchAll(/\bimport\("([^"]*)"\)/g)].map(([, name = ""]) => name);
  expect(imported.filter((name) => !name.startsWith("node:"))).toEqual(["@smithy/core/event-streams"]);
});

test("has opened the connections of a create when it is loaded", async () => {
  let calls = 0;
  const proxy = await startFaultyProxy(table.endpoint, () => {
    calls++;
    return "passed";
  });
  // An import that waits for nothing ends the process as soon as it is loaded.
  const load = "import(process.argv[1]).then(() => process.exit())";
  await run(process.execPath, ["-e", load, pathToFileURL(deployed.file).href], {
    env: { ...CREDENTIALS, TABLE_NAME: table.tableName, AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
  });
  await proxy.close();
  expect(calls).toBe(3);
}, 20_000);

test("logs only what LOG_LEVEL asks for", async () => {
  const { stdout } = await invoke({ TABLE_NAME: table.tableName, LOG_LEVEL: "WARN" });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([expect.objectContaining({ statusCode: 201 })]);
  const { stdout: failed } = await invoke({ TABLE_NAME: "Elsewhere", LOG_LEVEL: "ERROR" });
  expect(JSON.parse(failed.split("\n")[0] ?? "")).toMatchObject({ level: "ERROR", status: 500 });
}, 20_000);

test("has every variable that it needs in the template", () => {
  expect(deployed.variables).toEqual({
    TABLE_NAME: { Ref: expect.any(String) },
    ALLOWED_ORIGINS: "*",
    ID_BLOCK_SIZE: "1",
    LOG_LEVEL: "INFO",
  });
});

test.each([
  [{}, "TABLE_NAME is missing"],
  [{ TABLE_NAME: "t", ID_BLOCK_SIZE: "0" }, 'ID_BLOCK_SIZE: "0" is not a whole number from 1 to 1000'],
  [{ TABLE_NAME: "t", LOG_LEVEL: "debug" }, 'LOG_LEVEL: "debug" is not one of INFO, WARN, ERROR'],
  [
    { TABLE_NAME: "t", ALLOWED_ORIGINS: "portal.example" },
    'ALLOWED_ORIGINS: "portal.example" is not an origin',
  ],
])(
  "does not load with %j, and says why",
  async (variables, message) => {
    await expect(invoke(variables)).rejects.toThrow(message);
  },
  20_000,
);
