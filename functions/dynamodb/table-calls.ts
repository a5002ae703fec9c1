import { setTimeout as wait } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { callDatabase, type DatabaseRequest } from "./database-call.ts";

/** DynamoDB takes no more keys in one BatchGetItem. */
export const MAX_BATCH_KEYS = 100;

const FIRST_PAUSE_MS = 25;

interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

/** Reads an item consistently. @returns undefined when there is no item with this key */
export const getItem = (request: DatabaseRequest, key: string) =>
  callDatabase(request, async (options) => {
    const { client, tableName: TableName } = request;
    const command = new GetCommand({ TableName, Key: { pk: key }, ConsistentRead: true });
    return (await client.send(command, options)).Item;
  });

/** DynamoDB may read only a part of a batch. It then names the keys that it left out. */
const getPart = (request: DatabaseRequest, keys: readonly string[]) =>
  callDatabase(request, async (options) => {
    const { client, tableName } = request;
    const Keys = keys.map((pk) => ({ pk }));
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await client.send(command, options);
    return {
      items: Responses?.[tableName] ?? [],
      unread: UnprocessedKeys?.[tableName]?.Keys?.map(({ pk }): string => pk) ?? [],
    };
  });

/**
 * Reads up to 100 items consistently. Retries the keys that DynamoDB leaves out until the request's time is over.
 * @returns the items that exist, by their keys
 */
export const getItems = async (request: DatabaseRequest, keys: readonly string[]) => {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  let unread = keys;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const part = await getPart(request, unread);
    for (const item of part.items) found.set(String(item.pk), item);
    if (part.unread.length === 0) return found;
    unread = part.unread;
    // The signal ends the pause early. The next call then says that the request was over.
    await wait(pauseMs, undefined, { signal: request.signal }).catch(() => {});
  }
};

type Condition = Pick<PutCommandInput, "ConditionExpression" | "ExpressionAttributeValues">;

const putIf = (request: DatabaseRequest, Item: Item, condition: Condition) =>
  callDatabase(request, async (options) => {
    const { client, tableName: TableName } = request;
    try {
      await client.send(new PutCommand({ TableName, Item, ...condition }), options);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });

/** Writes an item. @returns false, and changes nothing, when there is an item with its key */
export const putNew = (request: DatabaseRequest, item: Item) =>
  putIf(request, item, { ConditionExpression: "attribute_not_exists(pk)" });

/** Replaces an item. @returns false, and changes nothing, unless the stored item with its key has this `id` */
export const replaceWithId = (request: DatabaseRequest, item: Item, id: number) =>
  putIf(request, item, { ConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": id } });

interface Addition {
  readonly key: string;
  readonly attribute: string;
  readonly amount: number;
}

/** Adds to a number atomically. A missing number counts as 0. @returns the sum */
export const add = (request: DatabaseRequest, { key, attribute, amount }: Addition) =>
  callDatabase(request, async (options) => {
    const { client, tableName: TableName } = request;
    const command = new UpdateCommand({
      TableName,
      Key: { pk: key },
      UpdateExpression: "ADD #attribute :amount",
      ExpressionAttributeNames: { "#attribute": attribute },
      ExpressionAttributeValues: { ":amount": amount },
      ReturnValues: "UPDATED_NEW",
    });
    return (await client.send(command, options)).Attributes?.[attribute];
  });
