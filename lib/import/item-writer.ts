import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { retryUntilDone } from "./retry-until-done.ts";

/** DynamoDB takes at most this many in one call. */
const BATCH_SIZE = 25;

export interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

type Request = NonNullable<BatchWriteCommand["input"]["RequestItems"]>[string][number];

type Write =
  | { readonly item: Item; readonly obsoleteKey?: never }
  | { readonly obsoleteKey: string; readonly item?: never };

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** No two items may have the same key. */
  readonly items: readonly Item[];
  /** The keys of items to delete once `items` are written. */
  readonly obsoleteKeys?: readonly string[];
  /** Called for each item that DynamoDB refuses, such as one that is too large. If left out, such an item fails. */
  readonly onRefused?: (item: Item, reason: string) => void;
  /** Called after each batch with how many items are written, refused or deleted. */
  readonly onProgress: (done: number) => void;
  /** The longest first pause before a retry, in milliseconds. */
  readonly firstPauseMs?: number;
}

const toRequest = ({ item, obsoleteKey }: Write): Request =>
  item ? { PutRequest: { Item: item } } : { DeleteRequest: { Key: { pk: obsoleteKey } } };

/** @returns the requests that the table had no capacity for */
const send = async ({ client, tableName }: Options, requests: readonly Request[]) => {
  try {
    const command = new BatchWriteCommand({ RequestItems: { [tableName]: [...requests] } });
    const { UnprocessedItems = {} } = await client.send(command);
    return UnprocessedItems[tableName] ?? [];
  } catch (error) {
    if (isThrottling(error)) return requests;
    throw error;
  }
};

const sendUntilDone = (options: Options, batch: readonly Request[]) => {
  let requests = batch;
  return retryUntilDone(async () => {
    requests = await send(options, requests);
    if (requests.length > 0) return { isDone: false, unwritten: requests.length };
    return { isDone: true, result: undefined };
  }, options);
};

/** @returns undefined unless the content of the request is at fault */
const findRefusal = (error: unknown) => {
  if (!(error instanceof DynamoDBServiceException)) return undefined;
  if (error.name === "ValidationException") return error.message;
  return error.$metadata.httpStatusCode === 413 ? "Item is larger than a request may be" : undefined;
};

/** DynamoDB refuses the whole batch for one faulty item, so the items of such a batch are sent one by one. */
const writeBatch = async (options: Options, batch: readonly Write[]): Promise<void> => {
  try {
    await sendUntilDone(options, batch.map(toRequest));
  } catch (error) {
    const reason = findRefusal(error);
    if (reason === undefined) throw error;
    for (const write of batch) {
      if (batch.length > 1) await writeBatch(options, [write]);
      else if (write.item && options.onRefused) options.onRefused(write.item, reason);
      else throw error;
    }
  }
};

/**
 * Writes items, and then deletes others. Overwrites existing items.
 * @throws Error when the table has no capacity for a long time, and what the client throws
 */
export const writeItems = async (options: Options) => {
  const { items, obsoleteKeys = [], onProgress } = options;
  let done = 0;
  const writeAll = async (writes: readonly Write[]) => {
    for (let start = 0; start < writes.length; start += BATCH_SIZE) {
      const batch = writes.slice(start, start + BATCH_SIZE);
      await writeBatch(options, batch);
      done += batch.length;
      onProgress(done);
    }
  };
  await writeAll(items.map((item) => ({ item })));
  await writeAll(obsoleteKeys.map((obsoleteKey) => ({ obsoleteKey })));
};
