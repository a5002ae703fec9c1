import { describe, test } from "@jest/globals";
import { FLASK_HINT, hasFlask } from "../support/flask.ts";

const MISSING = `Flask is missing, which the portal needs: ${FLASK_HINT}`;

/** Describes tests that need the portal. Without Flask they are skipped with one line, but in CI they fail. */
export const describePortal = (name: string, tests: () => void) => {
  if (hasFlask()) return describe(name, tests);
  if (process.env.CI) {
    return test(name, () => {
      throw new Error(MISSING);
    });
  }
  process.stderr.write(`Skipped: ${name}. ${MISSING}\n`);
  return test.skip(name, () => {});
};
