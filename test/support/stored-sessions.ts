import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { pk } from "../../functions/sessions/item-keys.ts";
import { parseStoredSession } from "../../functions/sessions/stored-session.ts";
import { VALID } from "./events.ts";
import { range } from "./range.ts";
import { readItem, type TestTable } from "./test-table.ts";

/** DynamoDB reads no more items in one call. */
const MAX_BATCH_READS = 100;

/** @returns the last id that the counter gave away, 0 when there is none */
export const readLastId = async (table: TestTable): Promise<number> =>
  (await readItem(table, pk.counter))?.last_id ?? 0;

/**
 * @param after - the id before the first one that counts
 * @returns the stored sessions in the order of their ids, each as the body of the response that created it
 */
export const readStoredSessions = async (table: TestTable, after = 0): Promise<readonly string[]> => {
  const lastId = await readLastId(table);
  const ids = Array.from({ length: lastId - after }, (_, index) => after + 1 + index);
  const sessions: string[] = [];
  while (ids.length > 0) sessions.push(...(await readSessions(table, ids.splice(0, MAX_BATCH_READS))));
  return sessions;
};

const readSessions = async ({ client, tableName }: TestTable, ids: readonly number[]) => {
  const Keys = ids.map((id) => ({ pk: pk.studySession(id) }));
  const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
  const { Responses, UnprocessedKeys } = await client.send(command);
  if (UnprocessedKeys?.[tableName]) throw new Error("The engine left out items of a batch");
  const items = new Map(Responses?.[tableName]?.map((item) => [item.pk, item]));
  return ids
    .filter((id) => items.has(pk.studySession(id)))
    .map((id) => JSON.stringify(parseStoredSession(id, items.get(pk.studySession(id)))));
};

type Place = Pick<TestTable, "client" | "tableName">;

export interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

export const putItem = ({ client, tableName }: Place, Item: Item) =>
  client.send(new PutCommand({ TableName: tableName, Item }));

export const removeItem = ({ client, tableName }: Place, key: string) =>
  client.send(new DeleteCommand({ TableName: tableName, Key: { pk: key } }));

export const setCounter = (table: TestTable, last_id: unknown) => putItem(table, { pk: pk.counter, last_id });

export const sessionWithId = (id: number) => ({ id, ...VALID, created_at: "2025-02-20T12:00:00.000Z" });

/** DynamoDB takes no more items in one call. */
const MAX_BATCH_WRITES = 25;

type WriteRequest = NonNullable<NonNullable<BatchWriteCommandInput["RequestItems"]>[string]>[number];

const writeAll = async ({ client, tableName }: Place, requests: readonly WriteRequest[]) => {
  const left = [...requests];
  while (left.length > 0) {
    const batch = left.splice(0, MAX_BATCH_WRITES);
    await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: batch } }));
  }
};

export const putItems = (table: Place, items: readonly Item[]) =>
  writeAll(
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );

/** Stores sessions with these ids, and leaves the counter as it is. */
export const storeSessions = (table: TestTable, ids: readonly number[]) =>
  putItems(
    table,
    ids.map((id) => ({ pk: pk.studySession(id), ...sessionWithId(id), owner: "test" })),
  );

/** Stores the next sessions as the service does, in a few calls for all of them. @returns the sessions */
export const addSessions = async (table: TestTable, count: number, members: object = {}) => {
  const command = new UpdateCommand({
    TableName: table.tableName,
    Key: { pk: pk.counter },
    UpdateExpression: "ADD last_id :count",
    ExpressionAttributeValues: { ":count": count },
    ReturnValues: "UPDATED_NEW",
  });
  const lastId = Number((await table.client.send(command)).Attributes?.last_id);
  const created_at = new Date().toISOString();
  const sessions = range(lastId - count + 1, lastId).map((id) => ({
    ...sessionWithId(id),
    created_at,
    ...members,
  }));
  await putItems(
    table,
    sessions.map((session) => ({ pk: pk.studySession(session.id), ...session, owner: "test" })),
  );
  return sessions;
};

/** Leaves the table with no session and no counter. */
export const clearSessions = async (table: TestTable) => {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
  const keys: string[] = Items.map((item) => item.pk).filter((key) => key.includes("study_session"));
  await writeAll(
    table,
    keys.map((key) => ({ DeleteRequest: { Key: { pk: key } } })),
  );
};
