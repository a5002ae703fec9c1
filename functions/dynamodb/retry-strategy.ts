import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type RetryStrategy = Extract<
  NonNullable<DynamoDBClientConfig["retryStrategy"]>,
  { readonly acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

const MAX_ATTEMPTS = 3;

/** The longest first pause. Each further pause may be twice as long as the one before. */
const FIRST_PAUSE_MS = { THROTTLING: 1000, TRANSIENT: 25 } as const;

const isRetried = (errorType: string): errorType is keyof typeof FIRST_PAUSE_MS =>
  errorType in FIRST_PAUSE_MS;

const createToken = (retries: number, pauseMs: number): RetryToken => ({
  getRetryCount: () => retries,
  getRetryDelay: () => pauseMs,
});

/**
 * Gives every call three attempts. The SDK's own strategy shares a quota of retries among all calls of a client:
 * while many connections fail, the quota runs dry, and then each call fails at its first attempt. Here the deadline of
 * a request already bounds its retries.
 */
export const createRetryStrategy = (): RetryStrategy => ({
  acquireInitialRetryToken: async () => createToken(0, 0),
  refreshRetryTokenForRetry: async (token, { errorType }) => {
    const retries = token.getRetryCount();
    if (!isRetried(errorType) || retries + 1 >= MAX_ATTEMPTS) throw new Error("The call is not retried");
    return createToken(retries + 1, Math.random() * FIRST_PAUSE_MS[errorType] * 2 ** retries);
  },
  recordSuccess: () => {},
});
