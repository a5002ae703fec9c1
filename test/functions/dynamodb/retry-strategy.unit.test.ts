import { afterEach, expect, jest, test } from "@jest/globals";
import { createRetryStrategy } from "../../../functions/dynamodb/retry-strategy.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

type ErrorType = "THROTTLING" | "TRANSIENT" | "SERVER_ERROR" | "CLIENT_ERROR";

/** @returns the count of retries and the pause that each attempt begins with, until the strategy gives up */
const collectPauses = async (errorType: ErrorType) => {
  const strategy = createRetryStrategy();
  let token = await strategy.acquireInitialRetryToken("scope");
  const pauses = [];
  for (;;) {
    pauses.push([token.getRetryCount(), token.getRetryDelay()]);
    try {
      token = await strategy.refreshRetryTokenForRetry(token, { errorType });
    } catch (error) {
      return { pauses, error };
    }
  }
};

const GIVEN_UP = expect.objectContaining({ message: "The call is not retried" });

test.each([
  ["THROTTLING", 500, 1000],
  ["TRANSIENT", 12.5, 25],
] as const)("retries twice after %s, after a random pause that doubles", async (errorType, first, second) => {
  jest.spyOn(Math, "random").mockReturnValue(0.5);
  expect(await collectPauses(errorType)).toEqual({
    pauses: [
      [0, 0],
      [1, first],
      [2, second],
    ],
    error: GIVEN_UP,
  });
});

test.each(["SERVER_ERROR", "CLIENT_ERROR"] as const)("retries nothing after %s", async (errorType) => {
  expect(await collectPauses(errorType)).toEqual({ pauses: [[0, 0]], error: GIVEN_UP });
});
