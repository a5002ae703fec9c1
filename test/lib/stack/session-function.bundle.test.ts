import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "@jest/globals";
import type { FunctionName } from "../../../functions/routes.ts";
import { createFolder } from "../../support/create-folder.ts";
import { createEvent, createRouteEvent } from "../../support/events.ts";
import { type DeployedFunction, synthesizeFunctions } from "../../support/synthesize-functions.ts";
import { useTable } from "../../support/use-table.ts";

const run = promisify(execFile);

/**
 * Loads the bundle as Lambda does, in a process that has nothing of this project but the bundle, and then sends events.
 * Prints the number of connections that the bundle had opened when it was loaded, and the responses.
 */
const INVOKE = `
  const [url, name, ...events] = process.argv.slice(1);
  const context = { awsRequestId: "r-1", getRemainingTimeInMillis: () => 6000 };
  // The warm-up ends only when its calls have ended, however slow the machine is.
  AbortSignal.timeout = () => new AbortController().signal;
  let connections = 0;
  process.getBuiltinModule("diagnostics_channel").subscribe("net.client.socket", () => connections++);
  const module = await import(url);
  const openedWhenLoaded = connections;
  const responses = [];
  for (const event of events) responses.push(await module[name](JSON.parse(event), context));
  console.log(JSON.stringify({ openedWhenLoaded, responses }));
  // A connection that is kept alive must not delay the end.
  process.exit();
`;

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { table } = useTable();
let output: string;
let functions: Readonly<Record<FunctionName, DeployedFunction>>;

/** Copies the project into a workspace, whose root has `node_modules` and the lock files of three package managers. */
const createWorkspace = async () => {
  const workspace = createFolder();
  await symlink(resolve("node_modules"), join(workspace, "node_modules"), "junction");
  for (const name of ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"])
    await writeFile(join(workspace, name), "");
  const project = join(workspace, "packages/sessions");
  await mkdir(project, { recursive: true });
  for (const name of ["bin", "functions", "lib", "cdk.json", "package.json", "tsconfig.json"])
    await cp(resolve(name), join(project, name), { recursive: true });
  return project;
};

beforeAll(async () => {
  const project = await createWorkspace();
  output = join(project, "cdk.out");
  functions = await synthesizeFunctions(output, project);
}, 60_000);

const CREDENTIALS = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
};

const invoke = async (
  { file, handlerName }: DeployedFunction,
  variables: Readonly<Record<string, string>>,
  ...events: readonly object[]
) => {
  const args = [pathToFileURL(file).href, handlerName, ...events.map((event) => JSON.stringify(event))];
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", INVOKE, ...args], {
    cwd: output,
    env: { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint, ...variables },
  });
  expect(stderr).toBe("");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { openedWhenLoaded, responses } = lines.pop();
  return { log: lines, openedWhenLoaded, responses: responses as readonly Response[] };
};

test("the deployed bundles open the connections of a request when they are loaded, serve, and log a line each", async () => {
  const variables = { TABLE_NAME: table.tableName };
  const write = await invoke(functions.write, variables, createEvent());
  expect(write).toMatchObject({
    openedWhenLoaded: 3,
    responses: [{ statusCode: 201, headers: { "Content-Type": "application/json" } }],
  });
  const session = JSON.parse(write.responses[0]?.body ?? "");
  expect(session).toMatchObject({ id: expect.any(Number), group_id: 1, study_activity_id: 2 });
  expect(write.log).toMatchObject([{ level: "INFO", requestId: "r-1", status: 201, ...session }]);

  const read = await invoke(
    functions.read,
    variables,
    createRouteEvent("GET", `/api/study-sessions/${session.id}`),
    createRouteEvent("GET", "/api/study-sessions?limit=1"),
  );
  expect(read).toMatchObject({ openedWhenLoaded: 1, responses: [{ statusCode: 200 }, { statusCode: 200 }] });
  const [one, list] = read.responses.map(({ body }) => JSON.parse(body));
  expect(one).toEqual(session);
  expect(list).toMatchObject({ study_sessions: [session] });
  expect(read.log).toMatchObject([{ status: 200, ...session }, { status: 200 }]);
}, 20_000);

test.each(["write", "read"] as const)(
  "the bundle of %s does not name its folder, has no lazy initialisers, and leaves out only what DynamoDB never needs",
  async (name) => {
    const bundle = await readFile(functions[name].file, "utf8");
    expect(bundle.includes("__esm")).toBe(false);
    expect(bundle.includes("packages/sessions")).toBe(false);
    const namesIn = (call: RegExp) => [...bundle.matchAll(call)].map(([, name = ""]) => name);
    expect(namesIn(/\brequire\("([^"]*)"\)/g).filter((name) => !isBuiltin(name))).toEqual([]);
    expect(namesIn(/\bimport\("([^"]*)"\)/g).filter((name) => !isBuiltin(name))).toEqual([
      "@smithy/core/event-streams",
    ]);
  },
);

test("the bundle logs only the levels that LOG_LEVEL asks for", async () => {
  const wrong = createEvent({ body: "[]" });
  const variables = { TABLE_NAME: "Elsewhere", LOG_LEVEL: "ERROR" };
  const { log, responses } = await invoke(functions.write, variables, wrong, createEvent());
  expect(responses).toMatchObject([{ statusCode: 400 }, { statusCode: 500 }]);
  expect(log).toMatchObject([{ level: "ERROR", status: 500 }]);
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
