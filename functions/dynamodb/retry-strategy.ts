import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type RetryStrategy = Extract<
  NonNullable<DynamoDBClientConfig["retryStrategy"]>,
  { readonly acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

const MAX_ATTEMPTS = 3;

/** What the first pause is at most. Each further one may be twice as long. */
const FIRST_PAUSE_MS = { THROTTLING: 1000, TRANSIENT: 25 } as const;

const isRetried = (errorType: string): errorType is keyof typeof FIRST_PAUSE_MS =>
  errorType in FIRST_PAUSE_MS;

const createToken = (retries: number, pauseMs: number): RetryToken => ({
  getRetryCount: () => retries,
  getRetryDelay: () => pauseMs,
});

/**
 * Lets every call have three attempts. The SDK's own strategy shares a quota of retries among all calls of a client:
 * while many connections fail, the quota runs dry, and then each call fails with its first attempt. A request's
 * deadline already bounds its retries here.
 */
export const createRetryStrategy = (): RetryStrategy => ({
  acquireInitialRetryToken: async () => createToken(0, 0),
  refreshRetryTokenForRetry: async (token, { errorType }) => {
    const retries = token.getRetryCount();
    if (!isRetried(errorType) || retries + 1 >= MAX_ATTEMPTS) throw new Error("The call is not tried again");
    return createToken(retries + 1, Math.random() * FIRST_PAUSE_MS[errorType] * 2 ** retries);
  },
  recordSuccess: () => {},
});
