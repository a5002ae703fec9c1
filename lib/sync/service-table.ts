import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { PREFIX, pk } from "../../functions/sessions/item-keys.ts";
import { StudySession } from "../../functions/sessions/study-session.ts";
import { createReadPace } from "../database/read-pace.ts";
import { retryUntilDone } from "../import/retry-until-done.ts";
import type { StoredSession } from "./session-copier.ts";
import type { Counter } from "./session-pass.ts";

/** DynamoDB takes no more keys in one BatchGetItem. */
const BATCH_SIZE = 100;

const WholeNumber = v.pipe(v.number(), v.safeInteger());
const StoredCounter = v.object({
  last_id: v.optional(WholeNumber, 0),
  imported: v.optional(v.array(v.object({ above: WholeNumber, to: WholeNumber })), []),
});

/** Without a limit, a page takes more read units than a table may have to spare for a second. */
const SCAN = {
  Limit: 1000,
  ConsistentRead: true,
  ReturnConsumedCapacity: "TOTAL",
  ProjectionExpression: "pk",
  FilterExpression: "begins_with(pk, :group) OR begins_with(pk, :activity)",
  ExpressionAttributeValues: { ":group": PREFIX.group, ":activity": PREFIX.studyActivity },
} as const;

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The highest number of read units to use in a second. */
  readonly unitsPerSecond: number;
}

type Item = Readonly<Record<string, unknown>>;

const parseCounter = (item: Item): Counter => {
  const { success, output, issues } = v.safeParse(StoredCounter, item);
  if (success) return { lastId: output.last_id, imported: output.imported };
  throw new Error(`${pk.counter} can't be read: ${v.summarize(issues)}`);
};

const parseSession = (id: number, item: Item): StoredSession => {
  const { success, output, issues } = v.safeParse(StudySession, item);
  if (success && output.id === id) return output;
  const reason = success ? `it holds the id ${output.id}` : v.summarize(issues);
  return new Error(`${pk.studySession(id)} can't be read: ${reason}`);
};

/** Opens the table for reads that keep to a number of units a second, and slow down where the table has less. */
export const openServiceTable = ({ client, tableName, unitsPerSecond }: Options) => ({
  client,
  tableName,
  keepPace: createReadPace({ unitsPerSecond }),
});

export type ServiceTable = ReturnType<typeof openServiceTable>;

/**
 * Reads how far the service is with its ids.
 * @param isConsistent - whether the result has every id that was given out. A read that may miss the ids of the last
 *   moment costs half
 */
export const readCounter = async ({ client, tableName, keepPace }: ServiceTable, isConsistent: boolean) => {
  const command = new GetCommand({
    TableName: tableName,
    Key: { pk: pk.counter },
    ConsistentRead: isConsistent,
    ReturnConsumedCapacity: "TOTAL",
  });
  const { Item = {} } = await keepPace(() => client.send(command));
  return parseCounter(Item);
};

/** @returns the items that DynamoDB read, and the keys that it left out */
const readPart = ({ client, tableName, keepPace }: ServiceTable, keys: readonly string[]) =>
  keepPace(async () => {
    const Keys = keys.map((pk) => ({ pk }));
    const { Responses, UnprocessedKeys, ConsumedCapacity } = await client.send(
      new BatchGetCommand({
        RequestItems: { [tableName]: { Keys, ConsistentRead: true } },
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    return {
      items: Responses?.[tableName] ?? [],
      unread: UnprocessedKeys?.[tableName]?.Keys?.map(({ pk }): string => pk) ?? [],
      ConsumedCapacity: ConsumedCapacity?.[0],
    };
  });

/** Reads the items that exist under these keys. @returns the items by their keys */
export const readItems = async (table: ServiceTable, keys: readonly string[]) => {
  const found = new Map<string, Item>();
  for (let start = 0; start < keys.length; start += BATCH_SIZE) {
    let unread = keys.slice(start, start + BATCH_SIZE);
    await retryUntilDone<void>(async () => {
      const part = await readPart(table, unread);
      for (const item of part.items) found.set(String(item.pk), item);
      unread = part.unread;
      if (unread.length > 0) return { isDone: false, unwritten: unread.length };
      return { isDone: true, result: undefined };
    });
  }
  return found;
};

/** Reads the sessions that exist under these ids. @returns the sessions by their ids */
export const readSessions = async (table: ServiceTable, ids: readonly number[]) => {
  const items = await readItems(table, ids.map(pk.studySession));
  return new Map(
    ids.flatMap((id) => {
      const item = items.get(pk.studySession(id));
      return item ? [[id, parseSession(id, item)] as const] : [];
    }),
  );
};

/** Looks through the whole table for the keys of groups and study activities. */
export const findReferenceKeys = async ({ client, tableName, keepPace }: ServiceTable) => {
  const keys: string[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = new ScanCommand({ ...SCAN, TableName: tableName, ExclusiveStartKey });
    const { Items = [], LastEvaluatedKey } = await keepPace(() => client.send(page));
    keys.push(...Items.map(({ pk }) => String(pk)));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return keys;
};
