import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

interface Options
  extends Pick<DynamoDBClientConfig, "endpoint" | "region" | "credentials" | "requestHandler"> {
  /** How long one of the three attempts at a call may take. */
  readonly attemptTimeoutMs?: number;
}

/**
 * A client whose every call ends. The SDK's defaults would wait without end for a server that accepts a
 * connection and says nothing. What is left out of endpoint, region and credentials comes from the environment.
 * @param options - a `requestHandler` has to see to the time of its calls by itself
 */
export const createDynamoDbClient = ({ attemptTimeoutMs = 1000, ...connection }: Options = {}) =>
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: attemptTimeoutMs / 2,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
      // Waiting for a free socket counts as connecting, and the local server has many requests at a time.
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    },
    ...connection,
  });
