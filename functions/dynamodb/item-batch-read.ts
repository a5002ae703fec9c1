import { setTimeout as wait } from "node:timers/promises";
import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { callDatabase, type DatabaseRequest } from "./database-call.ts";

/** What DynamoDB takes in one call. */
export const MAX_BATCH_KEYS = 100;

const FIRST_PAUSE_MS = 25;

type Item = Readonly<Record<string, unknown>>;

/** DynamoDB may answer only a part of a batch, and names the keys that it left out. */
const readPart = (request: DatabaseRequest, keys: readonly string[]) =>
  callDatabase(request, async (options) => {
    const { client, tableName } = request;
    const Keys = keys.map((pk) => ({ pk }));
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await client.send(command, options);
    const items: readonly Item[] = Responses?.[tableName] ?? [];
    return { items, unread: UnprocessedKeys?.[tableName]?.Keys?.map(({ pk }): string => pk) ?? [] };
  });

/**
 * Reads what was written last under at most 100 keys. Asks again for what DynamoDB leaves out, until the request's time
 * is over.
 * @returns the items that exist, by their keys
 */
export const readItems = async (request: DatabaseRequest, keys: readonly string[]) => {
  const found = new Map<string, Item>();
  let unread = keys;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const part = await readPart(request, unread);
    for (const item of part.items) found.set(String(item.pk), item);
    if (part.unread.length === 0) return found;
    unread = part.unread;
    await callDatabase(request, ({ abortSignal: signal }) => wait(pauseMs, undefined, { signal }));
  }
};
