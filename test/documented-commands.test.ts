import { execFile } from "node:child_process";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openEmbeddedDatabase, startEmbeddedDatabase } from "../lib/database/engine/embedded-engine.ts";
import { connectToEngine, createTableIfMissing, prepareTable } from "../lib/database/local-table.ts";
import packageJson from "../package.json" with { type: "json" };
import { createFolder } from "./support/create-folder.ts";
import { findExamples, PAGES, readTable } from "./support/documentation.ts";
import { createPortalFile } from "./support/portal-file.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { runHere } from "./support/run-here.ts";
import { startCommandProcess } from "./support/service-process.ts";

const DOCUMENTED_ENGINE = "http://127.0.0.1:8000";

/** These commands need a cloud, a container, the network, an hour, or a free port that everybody may reach. */
const ELSEWHERE =
  /<|…|\$|^npm (cit|ci|test)\b|^npx |^pip |^sam |^docker |^sqlite3 |^aws |^curl |^openapi-python|HOST=|run (deploy|destroy|bench|check|format|types|lint|synth|test)/;

const commandsOf = (page: string) =>
  [...page.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = ""]) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.replace(/ +#.*$/, "").trim())
    .filter((line) => /^([A-Z_]+=\S+ )*(npm|rm|cp) /.test(line) && !ELSEWHERE.test(line));

const folder = createFolder();
let endpoint: string;

/** Creates the files that the pages name, in a folder where the reader stands. */
beforeAll(async () => {
  const [data = ""] = findExamples("docs/local.md", "Groups and study activities", "json");
  await writeFile(join(folder, "data.json"), data);
  createPortalFile({ file: join(folder, "words.db"), sessions: [[1, 1, 2, "2025-02-20 12:00:00"]] });
  const engine = await startEmbeddedDatabase();
  runAtEnd(engine.close);
  endpoint = engine.endpoint;
  const client = connectToEngine(endpoint);
  await createTableIfMissing(client, "StudySessions");
  client.destroy();
});

/** Readers have started the service before: pages delete its data, and may be read in any order. */
beforeEach(async () => {
  const dataDir = join(folder, ".data");
  await mkdir(dataDir, { recursive: true });
  const engine = await openEmbeddedDatabase({ dataDir });
  const client = connectToEngine(engine.endpoint, engine.requestHandler);
  await prepareTable(client, { tableName: "StudySessions", place: dataDir });
  client.destroy();
  await engine.close();
});

const runInShell = async (command: string) => {
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = process.env;
  const env = { ...inherited, NODE_OPTIONS: "", NO_COLOR: "1" };
  const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: folder, env });
  return stdout;
};

type Variables = Readonly<Record<string, string>>;

interface Call {
  readonly variables: Variables;
  readonly script: string;
  readonly args: readonly string[];
}

const { scripts } = packageJson;

/** Takes a call of npm apart. Without "--", npm would keep the options for itself. */
const parseCall = (command: string): Call | undefined => {
  const parts = /^((?:[A-Z_]+=\S+ )*)npm (?:run )?(\w+)(?: -- (.+))?$/.exec(command);
  if (!parts) return undefined;
  const [, assignments = "", name = "", args] = parts;
  const variables = [...assignments.matchAll(/(\w+)=(\S+)/g)].map(([, variable, value]) => [variable, value]);
  const script =
    Object.entries(scripts)
      .find(([key]) => key === name)?.[1]
      .split(" ")
      .at(-1) ?? name;
  return { variables: Object.fromEntries(variables), script, args: args?.split(" ") ?? [] };
};

/** Sets what npm sets for a reader who stands in the folder, and replaces the places of the documentation. */
const toVariables = ({ DATA_DIR = ".data", ...variables }: Variables) => ({
  INIT_CWD: folder,
  npm_package_json: resolve("package.json"),
  ...variables,
  ...(variables.AWS_ENDPOINT_URL_DYNAMODB === DOCUMENTED_ENGINE && { AWS_ENDPOINT_URL_DYNAMODB: endpoint }),
  ...(variables.PORTAL_DB && { PORTAL_DB: join(folder, "words.db") }),
  DATA_DIR: join(folder, DATA_DIR),
  PORT: "0",
});

const SERVING = ["bin/start.ts", "bin/db.ts"];

const served = new Set<string>();

/** Serves until Ctrl-C. Other ports and folders make no other command. */
const serve = async ({ script, variables }: Call) => {
  const { PORT: _, DATA_DIR: __, ...others } = variables;
  const key = JSON.stringify([script, others]);
  if (served.has(key)) return { code: 0 };
  served.add(key);
  const { printed, kill, exited } = startCommandProcess(script, toVariables(variables));
  await printed(/Ctrl-C ends it/);
  kill("SIGINT");
  return exited;
};

const run = async (command: string) => {
  const call = parseCall(command);
  if (!call) return { code: 0, output: await runInShell(command) };
  const { script, variables, args } = call;
  return SERVING.includes(script) ? serve(call) : runHere(script, toVariables(variables), ...args);
};

/** The commands for a function of one's own have a test of their own, which runs them in a copy. */
const pages = [...PAGES].filter(
  ([file, page]) => !file.endsWith("your-own-function.md") && commandsOf(page).length > 0,
);

test.each(pages)("the commands in %s that can run here do", async (_, page) => {
  for (const command of commandsOf(page)) {
    expect({ command, ...(await run(command)) }).toMatchObject({ command, code: 0 });
  }
});

test("the commands set no variable that is not documented", () => {
  const documented = readTable("docs/local.md", "Variables of the environment").map((row) => row.variable);
  const calls = pages.flatMap(([, page]) => commandsOf(page)).map((command) => parseCall(command));
  const set = new Set(calls.flatMap((call) => Object.keys(call?.variables ?? {})));
  expect([...set].filter((variable) => !documented.includes(`\`${variable}\``))).toEqual([]);
});

test("npm hands on the arguments of a documented command, and where the reader stands", async () => {
  for (const name of ["bin", "functions", "lib", "node_modules"]) {
    await symlink(resolve(name), join(folder, name));
  }
  await copyFile("package.json", join(folder, "package.json"));
  const output = await runInShell("mkdir below && cd below && npm run import -- ../words.db --dry-run");
  expect(output).toMatch(/words\.db has groups 2, study activities 1, study sessions 1\n$/);
});
