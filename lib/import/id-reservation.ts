import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { pk } from "../../functions/sessions/item-keys.ts";

/** Creates change the counter too, at most some thousand times a second. */
const ATTEMPTS = 100;

/** The ids above `above`, up to and including `to`. */
const Range = v.object({ above: v.number(), to: v.number() });
type Range = v.InferOutput<typeof Range>;

/** The counter's item. `imported` has the ranges that imports have reserved. */
const Counter = v.object({ last_id: v.optional(v.number(), 0), imported: v.optional(v.array(Range), []) });

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly highestId: number;
}

const readCounter = async ({ client, tableName }: Options) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk: pk.counter }, ConsistentRead: true });
  return v.parse(Counter, (await client.send(command)).Item ?? {});
};

/** @returns false when the counter is no longer at `above` */
const raiseCounter = async ({ client, tableName }: Options, { above, to }: Range) => {
  const isFirstUse = above === 0;
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { pk: pk.counter },
    UpdateExpression: "SET last_id = :to, imported = list_append(if_not_exists(imported, :none), :ranges)",
    ConditionExpression: isFirstUse ? "attribute_not_exists(last_id)" : "last_id = :above",
    ExpressionAttributeValues: {
      ":to": to,
      ":none": [],
      ":ranges": [{ above, to }],
      ...(isFirstUse ? {} : { ":above": above }),
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

const idsIn = (ranges: readonly Range[]) => ({
  has: (id: number) => ranges.some(({ above, to }) => id > above && id <= to),
});

/**
 * Reserves all ids up to `highestId` that nobody was given, in one step, as a create does. The counter never goes down.
 * @returns the ids that imports have reserved, now or earlier. The service was given all other ids, and a request may
 *   still be about to use one
 * @throws Error when others change the counter in the middle of every attempt, and what the client throws
 */
export const reserveIds = async (options: Options) => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { last_id, imported } = await readCounter(options);
    if (last_id >= options.highestId) return idsIn(imported);
    const range = { above: last_id, to: options.highestId };
    if (await raiseCounter(options, range)) return idsIn([...imported, range]);
  }
  throw new Error("Too many sessions are being created at the same time. Try again later");
};
