import { test } from "@jest/globals";

/** A command of the CDK takes some seconds, and on a busy machine a minute. */
const TIMEOUT_MS = 600_000;

/** Makes tests that build on each other. After the first failure the others fail at once. */
export const createSteps = () => {
  let failed: string | undefined;
  return (name: string, run: () => Promise<unknown>) =>
    test(
      name,
      async () => {
        if (failed !== undefined) throw new Error(`An earlier step failed: ${failed}`);
        failed = name;
        await run();
        failed = undefined;
      },
      TIMEOUT_MS,
    );
};
