import { globSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

const { mutate } = parseArgs({
  args: process.argv.slice(2),
  options: { mutate: { type: "string", short: "m", default: "functions/**/*.ts" } },
  strict: false,
}).values;

/** The folder of the mutated files. Its tests are in the same folder of `test/`. */
const folder = dirname(String(mutate).replace(/[*{].*/, "x"));
const isOfFunctions = folder.startsWith("functions");

const testFiles = globSync([`test/${folder}/**/*.test.ts`, isOfFunctions ? "test/contract.test.ts" : ""], {
  // A fuzz test finds a mutant in one run and not in the next, and tests of faults and of the grace mostly wait.
  exclude: ["**/*.{fuzz,faults,grace}.test.ts"],
});

export default {
  mutate: [mutate],
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
  coverageAnalysis: "perTest",
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
