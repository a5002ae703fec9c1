import { setTimeout as wait } from "node:timers/promises";
import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** DynamoDB takes no more in one call. */
const BATCH_SIZE = 25;
const ATTEMPTS = 10;

type Item = Readonly<Record<string, unknown>>;
type Requests = NonNullable<BatchWriteCommand["input"]["RequestItems"]>[string];

interface Options {
  readonly tableName: string;
  /** Called after each batch with how many items are written. */
  readonly onProgress: (written: number) => void;
  /** What the first pause is at most, in milliseconds. Each further one may be twice as long. */
  readonly firstPauseMs?: number;
}

/** @returns the requests that the table had no capacity for */
const send = async (client: DynamoDBDocumentClient, tableName: string, requests: Requests) => {
  try {
    const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests } });
    const { UnprocessedItems = {} } = await client.send(command);
    return UnprocessedItems[tableName] ?? [];
  } catch (error) {
    if (error instanceof ProvisionedThroughputExceededException) return requests;
    throw error;
  }
};

const putBatch = async (client: DynamoDBDocumentClient, batch: readonly Item[], options: Options) => {
  const { tableName, firstPauseMs = 100 } = options;
  let requests: Requests = batch.map((item) => ({ PutRequest: { Item: item } }));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await wait(Math.random() * firstPauseMs * 2 ** (attempt - 1));
    requests = await send(client, tableName, requests);
    if (requests.length === 0) return;
  }
  throw new Error(
    `The table had no capacity for ${requests.length} items, after ${ATTEMPTS} attempts. Try again later`,
  );
};

/**
 * Writes the items over whatever has their keys. They need keys that differ.
 * @throws Error when the table has no capacity for a long time, and whatever the client throws
 */
export const putItems = async (client: DynamoDBDocumentClient, items: readonly Item[], options: Options) => {
  for (let start = 0; start < items.length; start += BATCH_SIZE) {
    const batch = items.slice(start, start + BATCH_SIZE);
    await putBatch(client, batch, options);
    options.onProgress(start + batch.length);
  }
};
