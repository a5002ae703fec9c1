import { TestEnvironment } from "jest-environment-node";

/** Puts the tests that `load` defines into the describe block that was defined last. */
const loadInto = (state) => async (load) => {
  const root = state.currentDescribeBlock;
  state.currentDescribeBlock = root.children.at(-1);
  await load();
  state.currentDescribeBlock = root;
};

/** Skips what comes after the first test that fails: one such test is enough to detect a mutant. */
export default class BailEnvironment extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent(event, state) {
    if (event.name === "setup") this.global.loadIntoLastBlock = loadInto(state);
    // Stryker can't tell which one of several running tests covers a mutant.
    if (event.name === "add_test") state.currentDescribeBlock.tests.at(-1).concurrent = false;
    if (event.name === "test_fn_failure") this.#hasFailed = true;
    if (event.name === "test_start" && this.#hasFailed) event.test.mode = "skip";
  }
}
