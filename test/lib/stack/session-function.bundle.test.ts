import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "@jest/globals";
import type { FunctionName } from "../../../functions/routes.ts";
import { createFolder } from "../../support/create-folder.ts";
import { createEvent, createRouteEvent } from "../../support/events.ts";
import { startFaultyProxy } from "../../support/faulty-proxy.ts";
import { type DeployedFunction, synthesizeFunctions } from "../../support/synthesize-functions.ts";
import { useTable } from "../../support/use-table.ts";

const run = promisify(execFile);

/** Loads the bundle as Lambda does, in a process that has nothing of this project but the bundle. */
const INVOKE = `
  const [url, name, event] = process.argv.slice(1);
  const context = { awsRequestId: "r-1", getRemainingTimeInMillis: () => 6000 };
  import(url)
    .then((module) => module[name](JSON.parse(event), context))
    .then((response) => console.log(JSON.stringify(response)));
`;

const output = createFolder();
const { table } = useTable();
let functions: Readonly<Record<FunctionName, DeployedFunction>>;

beforeAll(async () => {
  functions = await synthesizeFunctions(output);
}, 60_000);

const CREDENTIALS = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
};

const invoke = (
  { file, handlerName }: DeployedFunction,
  variables: Readonly<Record<string, string>>,
  event = createEvent(),
) =>
  run(process.execPath, ["-e", INVOKE, pathToFileURL(file).href, handlerName, JSON.stringify(event)], {
    cwd: output,
    env: { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint, ...variables },
  });

/** @returns the log entry, the response and its body */
const invokeOnce = async (deployed: DeployedFunction, event = createEvent()) => {
  const { stdout, stderr } = await invoke(deployed, { TABLE_NAME: table.tableName }, event);
  expect(stderr).toBe("");
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(2);
  const [entry, response] = lines.map((line) => JSON.parse(line));
  return { entry, response, body: JSON.parse(response.body) };
};

test("the deployed bundles create and read sessions, and log one line for each request", async () => {
  const created = await invokeOnce(functions.write);
  expect(created.response).toMatchObject({
    statusCode: 201,
    headers: { "Content-Type": "application/json" },
  });
  const session = created.body;
  expect(session).toMatchObject({ id: expect.any(Number), group_id: 1, study_activity_id: 2 });
  expect(created.entry).toMatchObject({ level: "INFO", requestId: "r-1", status: 201, ...session });

  const read = await invokeOnce(functions.read, createRouteEvent("GET", `/api/study-sessions/${session.id}`));
  expect(read).toMatchObject({ response: { statusCode: 200 }, entry: { status: 200, ...session } });
  expect(read.body).toEqual(session);

  const list = await invokeOnce(functions.read, createRouteEvent("GET", "/api/study-sessions?limit=1"));
  expect(list).toMatchObject({ response: { statusCode: 200 }, entry: { status: 200 } });
  expect(list.body).toMatchObject({ study_sessions: [session] });
}, 20_000);

test.each(["write", "read"] as const)(
  "the bundle of %s has no lazy initialisers, and leaves out only what DynamoDB never needs",
  async (name) => {
    const bundle = await readFile(functions[name].file, "utf8");
    expect(bundle.includes("__esm")).toBe(false);
    const namesIn = (call: RegExp) => [...bundle.matchAll(call)].map(([, name = ""]) => name);
    expect(namesIn(/\brequire\("([^"]*)"\)/g).filter((name) => !isBuiltin(name))).toEqual([]);
    expect(namesIn(/\bimport\("([^"]*)"\)/g).filter((name) => !isBuiltin(name))).toEqual([
      "@smithy/core/event-streams",
    ]);
  },
);

test.each([
  ["write", 3],
  ["read", 1],
] as const)(
  "the bundle of %s has opened as many connections as a request needs when it is loaded: %d",
  async (name, connections) => {
    let calls = 0;
    const proxy = await startFaultyProxy(table.endpoint, () => {
      calls++;
      return "passed";
    });
    // An import that waits for nothing ends the process as soon as it is loaded.
    const load = "import(process.argv[1]).then(() => process.exit())";
    await run(process.execPath, ["-e", load, pathToFileURL(functions[name].file).href], {
      env: { ...CREDENTIALS, TABLE_NAME: table.tableName, AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
    });
    await proxy.close();
    expect(calls).toBe(connections);
  },
  20_000,
);

test("the bundle logs only the levels that LOG_LEVEL asks for", async () => {
  const { stdout } = await invoke(functions.write, { TABLE_NAME: table.tableName, LOG_LEVEL: "WARN" });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([expect.objectContaining({ statusCode: 201 })]);
  const { stdout: failed } = await invoke(functions.write, { TABLE_NAME: "Elsewhere", LOG_LEVEL: "ERROR" });
  expect(JSON.parse(failed.split("\n")[0] ?? "")).toMatchObject({ level: "ERROR", status: 500 });
}, 20_000);

test("each bundle has only the calls that its function makes", async () => {
  const [write, read] = await Promise.all(
    [functions.write, functions.read].map(({ file }) => readFile(file, "utf8")),
  );
  expect(write).toMatch(/PutItemCommand.*UpdateItemCommand|UpdateItemCommand.*PutItemCommand/s);
  expect(write).not.toContain("BatchGetItemCommand");
  expect(read).toContain("BatchGetItemCommand");
  expect(read).not.toMatch(/PutItemCommand|UpdateItemCommand/);
});

test("the bundles have every variable that they need in the template", () => {
  const variables = { TABLE_NAME: { Ref: expect.any(String) }, ALLOWED_ORIGINS: "*", LOG_LEVEL: "INFO" };
  expect(functions.read.variables).toEqual(variables);
  expect(functions.write.variables).toEqual({
    ...variables,
    ID_BLOCK_SIZE: "1",
    REFERENCE_CACHE_SECONDS: "60",
  });
});

test("the bundle does not load with a wrong variable, and names the variable", async () => {
  const variables = { TABLE_NAME: "t", LOG_LEVEL: "debug" };
  await expect(invoke(functions.write, variables)).rejects.toThrow('LOG_LEVEL: "debug" is not one of');
}, 20_000);
