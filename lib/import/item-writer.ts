import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { retryUntilDone } from "./retry-until-done.ts";

/** DynamoDB takes no more in one call. */
const BATCH_SIZE = 25;

type Item = Readonly<Record<string, unknown>>;
type Requests = NonNullable<BatchWriteCommand["input"]["RequestItems"]>[string];

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** No two items may have the same key. */
  readonly items: readonly Item[];
  /** Called after each batch with how many items are written. */
  readonly onProgress: (written: number) => void;
  /** The longest first pause before a retry, in milliseconds. */
  readonly firstPauseMs?: number;
}

/** @returns the requests that the table had no capacity for */
const send = async ({ client, tableName }: Options, requests: Requests) => {
  try {
    const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests } });
    const { UnprocessedItems = {} } = await client.send(command);
    return UnprocessedItems[tableName] ?? [];
  } catch (error) {
    if (isThrottling(error)) return requests;
    throw error;
  }
};

const writeBatch = (options: Options, batch: readonly Item[]) => {
  let requests: Requests = batch.map((item) => ({ PutRequest: { Item: item } }));
  return retryUntilDone(async () => {
    requests = await send(options, requests);
    if (requests.length > 0) return { isDone: false, unwritten: requests.length };
    return { isDone: true, result: undefined };
  }, options);
};

/**
 * Writes items. Overwrites existing ones.
 * @throws Error when the table has no capacity for a long time, and what the client throws
 */
export const writeItems = async (options: Options) => {
  const { items, onProgress } = options;
  for (let start = 0; start < items.length; start += BATCH_SIZE) {
    const batch = items.slice(start, start + BATCH_SIZE);
    await writeBatch(options, batch);
    onProgress(start + batch.length);
  }
};
