import { globSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

const { mutate, coverageAnalysis } = parseArgs({
  args: process.argv.slice(2),
  options: {
    mutate: { type: "string", short: "m", default: "functions/**/*.ts" },
    coverageAnalysis: { type: "string", default: "perTest" },
  },
  strict: false,
}).values;

const patterns = String(mutate).split(",");

/** The folders of the mutated files. Their tests are in the same folders of `test/`. */
const folders = patterns.map((pattern) => dirname(pattern.replace(/[*{:].*/, "x")));
const isOfFunctions = folders.some((folder) => folder.startsWith("functions"));

/** Stryker does not see what threads and processes cover: with `off`, all tests run, also those of the commands. */
const isInProcesses = coverageAnalysis === "off";

const testFiles = globSync(
  [
    ...folders.map((folder) => `test/${folder}/**/*.test.ts`),
    isOfFunctions ? "test/contract.test.ts" : "",
    isInProcesses ? "test/bin/{start.portal,sync}.test.ts" : "",
  ],
  // A fuzz test finds a mutant in one run and not in the next, and tests of faults and of the grace mostly wait.
  { exclude: ["**/*.{fuzz,faults,grace}.test.ts"] },
);

export default {
  mutate: patterns,
  testRunner: "jest",
  testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  jest: {
    enableFindRelatedTests: false,
    config: {
      testEnvironment: "./test/mutation/bail-environment.mjs",
      testMatch: ["<rootDir>/test/mutation/fast-tests.ts"],
      globals: { TEST_FILES: testFiles },
    },
  },
  coverageAnalysis,
  concurrency: 2,
  // jest does not free the modules of its runs: after 500 of them a runner needs 3 GB, and mostly collects garbage.
  maxTestRunnerReuse: 50,
  timeoutMS: 10_000,
  tsconfigFile: "none",
  ignorePatterns: [".venv"],
  tempDirName: ".stryker/temp",
  cleanTempDir: "always",
  reporters: ["clear-text", "json", "progress-append-only"],
  jsonReporter: { fileName: ".stryker/report.json" },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 97, low: 95, break: isOfFunctions ? 95 : 85 },
};
