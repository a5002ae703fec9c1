import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";

const folder = createFolder();

/** Runs a file of bin/ as npm runs a script: with variables for the options that npm kept for itself. */
const runAsScript = (script: string, variables: Readonly<Record<string, string>>, ...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    const { AWS_ENDPOINT_URL_DYNAMODB: _, npm_command, ...inherited } = process.env;
    const env = { ...inherited, npm_lifecycle_event: script, npm_command: "run-script", ...variables };
    const options = ["--disable-warning=ExperimentalWarning"];
    execFile(process.execPath, [...options, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

const kept = (options: string, call: string) =>
  `npm kept ${options} for itself, and nothing was done. Write: npm run ${call}\n`;

test.each([
  ["import", ["words.db"], { dry_run: "true" }, "--dry-run", "words.db --dry-run"],
  ["import", ["my words.db"], { table: "X" }, "--table X", '"my words.db" --table X'],
  ["import", ["words.db", "X"], { table: "true" }, "--table …", "--table …"],
  ["import", ["words.db"], { table: "" }, '--table ""', 'words.db --table ""'],
  ["import", [], { list: "true" }, "--list", "--list"],
  // npm expands --replace to an option of its own, which takes the next word.
  ["import", ["d.json"], { replace_registry_host: "true" }, "--replace", "d.json --replace"],
  [
    "import",
    ["d.json"],
    { replace_registry_host: "--dry-run", table: "X" },
    "--table X --replace --dry-run",
    "d.json --table X --replace --dry-run",
  ],
  ["import", [], { replace_registry_host: "my d.json" }, '--replace "my d.json"', '--replace "my d.json"'],
  [
    "import",
    ["X", "d.json"],
    { replace_registry_host: "--table" },
    "--replace --table …",
    "--replace --table …",
  ],
  // npm reads --map as -m -a -p.
  [
    "import",
    ["d.db", "groups=sets"],
    { message: "", all: "true", parseable: "true", dry_run: "true" },
    "--dry-run --map …",
    "--dry-run --map …",
  ],
  ["verify", [], { repair: "true", table: "X" }, "--table X --repair", "--table X --repair"],
  [
    "openapi",
    ["http://a"],
    { output: "my api.json" },
    '--output "my api.json"',
    'http://a --output "my api.json"',
  ],
])(
  "%s %j refuses to run without what npm kept of its options: %j",
  async (script, words, options, named, call) => {
    const variables = Object.fromEntries(
      Object.entries(options).map(([key, value]) => [`npm_config_${key}`, value]),
    );
    expect(await runAsScript(script, variables, resolve(`bin/${script}.ts`), ...words)).toEqual({
      code: 2,
      stdout: "",
      stderr: kept(named, `${script} -- ${call}`),
    });
    expect(existsSync(join(folder, ".data"))).toBe(false);
    expect(existsSync(join(folder, "openapi.json"))).toBe(false);
  },
);

test.each([
  ["start", "npm start", [], { port: "5001" }, "port", "PORT", "5001"],
  ["db", "npm run db", ["8001"], { port: "true" }, "port", "PORT", "8001"],
  ["start", "npm start", [], { data_dir: "x" }, "data-dir", "DATA_DIR", "x"],
])(
  "%s names the variable for an option that npm kept: %j",
  async (script, command, words, options, option, variable, value) => {
    const variables = Object.fromEntries(
      Object.entries(options).map(([key, value]) => [`npm_config_${key}`, value]),
    );
    expect(await runAsScript(script, variables, resolve(`bin/${script}.ts`), ...words)).toEqual({
      code: 2,
      stdout: "",
      stderr: `Unknown option '--${option}': set the variable ${variable}, as in ${variable}=${value} ${command}\n`,
    });
    expect(existsSync(join(folder, ".data"))).toBe(false);
  },
);

test.each([
  ["-c", { call: "stage=dev" }, "-c stage=dev"],
  ["--context twice", { context: "stage=dev\na=b" }, "--context stage=dev --context a=b"],
  ["--no-execute", { execute: "" }, "--no-execute"],
  ["--app, which it reads as -a -p -p", { all: "true", parseable: "true" }, "--app …"],
])("the app of the CDK refuses to run without what npm kept of %s", async (_, options, named) => {
  const variables = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`npm_config_${key}`, value]),
  );
  expect(await runAsScript("deploy", variables, resolve("bin/study-sessions.ts"))).toEqual({
    code: 1,
    stdout: "",
    stderr: kept(named, `deploy -- ${named}`),
  });
});

test("takes no notice of the options of npx", async () => {
  const variables = { npm_command: "exec", npm_config_output: "x" };
  expect(await runAsScript("openapi", variables, resolve("bin/openapi.ts"))).toMatchObject({
    code: 0,
    stderr: "",
  });
});

test.each([
  [{ all: "true" }],
  [{ parseable: "true" }],
  [{ replace_registry_host: "never" }],
  [{ replace_registry_host: "always" }],
  [{ replace_registry_host: "npmjs" }],
])("takes no notice of npm's own options %j", async (options) => {
  const variables = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`npm_config_${key}`, value]),
  );
  expect(await runAsScript("import", variables, resolve("bin/import.ts"), "absent.json")).toEqual({
    code: 1,
    stdout: "",
    stderr: "absent.json can't be imported.\nThere is no such file\n",
  });
});

test.each([
  ["dry-run=true", { dry_run: "true" }],
  ['"dry-run"=true', { dry_run: "true" }],
  ["'dry-run' = true", { dry_run: "true" }],
  ["dry_run = true", { dry_run: "true" }],
  ["DRY-RUN = true", { dry_run: "true" }],
  ["replace-registry-host=registry.example", { replace_registry_host: "registry.example" }],
  ["all=true\nparseable=true", { all: "true", parseable: "true" }],
])("takes no notice of the setting %j", async (content, options) => {
  const npm_config_userconfig = join(folder, "npmrc");
  await writeFile(npm_config_userconfig, `fund=false\n${content}\n`);
  const kept = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`npm_config_${key}`, value]),
  );
  const variables = { npm_config_userconfig, ...kept };
  expect(await runAsScript("import", variables, resolve("bin/import.ts"), "absent.json")).toEqual({
    code: 1,
    stdout: "",
    stderr: "absent.json can't be imported.\nThere is no such file\n",
  });
});

test.each(["npm_config_userconfig", "npm_config_globalconfig"])(
  "takes no notice of a setting in the file that %s names",
  async (variable) => {
    const file = join(folder, "npmrc");
    await writeFile(file, "fund=false\n output = x\n");
    const variables = { [variable]: file, npm_config_output: "x" };
    expect(await runAsScript("openapi", variables, resolve("bin/openapi.ts"))).toMatchObject({
      code: 0,
      stderr: "",
    });
  },
);
