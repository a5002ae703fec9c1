import { afterAll, afterEach, beforeEach } from "@jest/globals";

type Close = () => unknown;

const ofTest: Close[] = [];
const ofFile: Close[] = [];
let isInTest = false;

const closeAll = async (closers: Close[]) => {
  for (const close of closers.splice(0).toReversed()) await close();
};

beforeEach(() => {
  isInTest = true;
});

afterEach(async () => {
  isInTest = false;
  await closeAll(ofTest);
});

afterAll(() => closeAll(ofFile));

/**
 * Runs `close` after the test, even when the test fails, or after all tests of the file when no test runs yet.
 * What was begun last is closed first.
 */
export const runAtEnd = (close: Close) => {
  (isInTest ? ofTest : ofFile).push(close);
};
