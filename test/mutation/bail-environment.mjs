import { TestEnvironment } from "jest-environment-node";

/** Skips what comes after the first test that fails: one such test is enough to detect a mutant. */
export default class BailEnvironment extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent(event, state) {
    await super.handleTestEvent?.(event, state);
    if (event.name === "test_fn_failure") this.#hasFailed = true;
    if (event.name === "test_start" && this.#hasFailed) event.test.mode = "skip";
  }
}
