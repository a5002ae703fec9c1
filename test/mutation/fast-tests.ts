// One file for all tests, because to load the SDK for each file would take most of a mutant's time.
import { describe } from "@jest/globals";
// All files share the modules: loaded by the first file, this one would run its hooks only for that file.
import "../support/run-at-end.ts";

/** The value comes from the configuration of Stryker. */
declare const TEST_FILES: readonly string[];
/** The function comes from the environment. */
declare const loadIntoLastBlock: (load: () => Promise<unknown>) => Promise<void>;

for (const file of TEST_FILES) {
  // The hooks of a file then run only for its own tests, and only when one of them runs.
  describe(file, () => {});
  await loadIntoLastBlock(() => import(`../../${file}`));
}
