import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { checkNpmOptions } from "../../bin/npm-options.ts";
import { CDK_OPTIONS } from "../../bin/stack-settings.ts";
import { createFolder } from "../support/create-folder.ts";
import { runHere } from "../support/run-here.ts";

let folder: string;
const inherited = process.env;

beforeEach(() => {
  folder = createFolder();
});

afterEach(() => {
  process.env = inherited;
});

/** The variables that npm sets for a script, and for the options that it kept for itself. */
const toVariables = (script: string, options: Readonly<Record<string, string>>) => {
  const kept = Object.entries(options).map(([option, value]) => [`npm_config_${option}`, value]);
  return { npm_lifecycle_event: script, npm_command: "run-script", ...Object.fromEntries(kept) };
};

/** Runs a command as npm runs a script for a user who stands in the folder. */
const runAsScript = (
  script: string,
  options: Readonly<Record<string, string>>,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) => {
  const place = {
    INIT_CWD: folder,
    npm_package_json: resolve("package.json"),
    DATA_DIR: join(folder, ".data"),
  };
  const env = { ...place, ...toVariables(script, options), ...variables };
  return runHere(`bin/${script}.ts`, env, ...words);
};

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
    expect(await runAsScript(script, options, words)).toEqual({
      code: 2,
      stdout: "",
      stderr: kept(named, `${script} -- ${call}`),
    });
    expect(existsSync(join(folder, ".data"))).toBe(false);
    expect(existsSync(join(folder, "openapi.json"))).toBe(false);
  },
);

test.each([
  ["-c", { call: "stage=dev" }, "-c stage=dev"],
  ["--context twice", { context: "stage=dev\na=b" }, "--context stage=dev --context a=b"],
  ["--app, which it reads as -a -p -p", { all: "true", parseable: "true" }, "--app …"],
])("a command of the CDK refuses to run without what npm kept of %s", (_, options, named) => {
  process.env = toVariables("deploy", options);
  expect(() => checkNpmOptions(CDK_OPTIONS)).toThrow(kept(named, `deploy -- ${named}`).trimEnd());
});

test("takes no notice of the options of npx", async () => {
  expect(await runAsScript("openapi", { output: "x" }, [], { npm_command: "exec" })).toMatchObject({
    code: 0,
    stderr: "",
  });
});

const ABSENT = {
  code: 1,
  stdout: "",
  stderr: expect.stringMatching(/\/absent\.json can't be imported\.\nThere is no such file\n$/),
};

test.each([
  [{ all: "true" }],
  [{ parseable: "true" }],
  [{ replace_registry_host: "never" }],
  [{ replace_registry_host: "always" }],
  [{ replace_registry_host: "npmjs" }],
])("takes no notice of npm's own options %j", async (options) => {
  expect(await runAsScript("import", options, ["absent.json"])).toEqual(ABSENT);
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
  expect(await runAsScript("import", options, ["absent.json"], { npm_config_userconfig })).toEqual(ABSENT);
});

test.each(["npm_config_userconfig", "npm_config_globalconfig"])(
  "takes no notice of a setting in the file that %s names",
  async (variable) => {
    const file = join(folder, "npmrc");
    await writeFile(file, "fund=false\n output = x\n");
    expect(await runAsScript("openapi", { output: "x" }, [], { [variable]: file })).toMatchObject({
      code: 0,
      stderr: "",
    });
  },
);
