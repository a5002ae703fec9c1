import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isThrottling } from "../../functions/dynamodb-table.ts";
import { retryUntilDone } from "./retry-until-done.ts";

/** DynamoDB takes no more in one call. */
const BATCH_SIZE = 25;

type Item = Readonly<Record<string, unknown>>;
type Requests = NonNullable<BatchWriteCommand["input"]["RequestItems"]>[string];

interface Options {
  readonly tableName: string;
  /** Called after each batch with how many items are written. */
  readonly onProgress: (written: number) => void;
  /** What the first pause is at most, in milliseconds. */
  readonly firstPauseMs?: number;
}

/** @returns the requests that the table had no capacity for */
const send = async (client: DynamoDBDocumentClient, tableName: string, requests: Requests) => {
  try {
    const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests } });
    const { UnprocessedItems = {} } = await client.send(command);
    return UnprocessedItems[tableName] ?? [];
  } catch (error) {
    if (isThrottling(error)) return requests;
    throw error;
  }
};

const putBatch = (client: DynamoDBDocumentClient, batch: readonly Item[], options: Options) => {
  let requests: Requests = batch.map((item) => ({ PutRequest: { Item: item } }));
  return retryUntilDone(async () => {
    requests = await send(client, options.tableName, requests);
    if (requests.length > 0) return { isDone: false, unwritten: requests.length };
    return { isDone: true, result: undefined };
  }, options.firstPauseMs);
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
