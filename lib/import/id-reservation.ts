import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { pk } from "../../functions/sessions/item-keys.ts";

/** Creates change the counter too, at most about a thousand times a second. */
const ATTEMPTS = 100;

const SafeInteger = v.pipe(v.number(), v.safeInteger());

/** The ids above `above`, up to and including `to`. */
const Range = v.object({ above: SafeInteger, to: SafeInteger });
type Range = v.InferOutput<typeof Range>;

/** The counter's item. `imported` has the ranges that imports have reserved. */
const Counter = v.object({ last_id: v.optional(SafeInteger), imported: v.optional(v.array(Range), []) });

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly highestId: number;
}

const readCounter = async ({ client, tableName }: Options) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk: pk.counter }, ConsistentRead: true });
  const { Item = {} } = await client.send(command);
  const { success, output, issues } = v.safeParse(Counter, Item);
  if (success) return output;
  const attribute = String(issues[0].path?.[0].key);
  throw new Error(
    `${pk.counter} can't be read: its ${attribute} is ${JSON.stringify(Item[attribute]).slice(0, 80)}`,
  );
};

/** Adds a range above all others. Adjoining ranges become one, because each create reads and writes the whole item. */
const addRange = (ranges: readonly Range[], range: Range) => {
  const merged: Range[] = [];
  for (const { above, to } of [...ranges, range]) {
    const last = merged.at(-1);
    if (last?.to === above) last.to = to;
    else if (to > above) merged.push({ above, to });
  }
  return merged;
};

interface Raise {
  /** The value of the counter, or undefined when it has none. */
  readonly from: number | undefined;
  readonly to: number;
  readonly imported: readonly Range[];
}

/** @returns false when the counter has changed meanwhile */
const raiseCounter = async ({ client, tableName }: Options, { from, to, imported }: Raise) => {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { pk: pk.counter },
    UpdateExpression: "SET last_id = :to, imported = :imported",
    ConditionExpression: from === undefined ? "attribute_not_exists(last_id)" : "last_id = :from",
    ExpressionAttributeValues: {
      ":to": to,
      ":imported": imported,
      ...(from !== undefined && { ":from": from }),
    },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const createIds = (ranges: readonly Range[], lastIdBefore: number) => ({
  has: (id: number) => ranges.some(({ above, to }) => id > above && id <= to),
  /** Checks whether nobody could have stored a session with this id before. */
  isNew: (id: number) => id > lastIdBefore,
});

/**
 * Reserves all ids up to `highestId` that the service did not give out, in one step, as a create does. The counter
 * never goes down, and exists afterwards even when there was no id to reserve.
 * @returns the ids that imports have reserved, now or earlier. The service gave out all other ids, and a request may
 *   still be about to use one of them
 * @throws Error when the counter can't be read or others change it in the middle of every attempt, and what the client
 *   throws
 */
export const reserveIds = async (options: Options) => {
  const { highestId: to } = options;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { last_id: from, imported } = await readCounter(options);
    if (from !== undefined && from >= to) return createIds(imported, from);
    const above = Math.max(0, from ?? 0);
    const ranges = addRange(imported, { above, to });
    if (await raiseCounter(options, { from, to, imported: ranges })) return createIds(ranges, above);
  }
  throw new Error("Too many sessions are being created at the same time. Try again later");
};

export type ReservedIds = Awaited<ReturnType<typeof reserveIds>>;
