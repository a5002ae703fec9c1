import {
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";

/**
 * A client whose every call ends: three attempts of at most a second each. The SDK's defaults would wait
 * without end for a server that accepts a connection and says nothing.
 * @param connection - endpoint, region and credentials, each from the environment when left out
 */
export const createDynamoDbClient = (connection: DynamoDBClientConfig = {}) =>
  new DynamoDBClient({
    ...connection,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 500,
      requestTimeout: 1000,
      throwOnRequestTimeout: true,
      socketTimeout: 1000,
      // Waiting for a free socket counts as connecting, and the local server has many requests at a time.
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    },
  });
