import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { pk } from "../../functions/study-session-store.ts";

/** Sessions that are created at the same time change the counter too, some thousand times a second at most. */
const ATTEMPTS = 100;

/** The counter's item, with the ids that imports have taken from it: those above `above`, up to `to`. */
const Counter = v.object({
  last_id: v.optional(v.number(), 0),
  imported: v.optional(v.array(v.object({ above: v.number(), to: v.number() })), []),
});

const readCounter = async (client: DynamoDBDocumentClient, TableName: string) => {
  const command = new GetCommand({ TableName, Key: { pk: pk.counter }, ConsistentRead: true });
  return v.parse(Counter, (await client.send(command)).Item ?? {});
};

/** @returns false when the counter is no longer at `above` */
const raiseCounter = async (
  client: DynamoDBDocumentClient,
  TableName: string,
  range: { readonly above: number; readonly to: number },
) => {
  const command = new UpdateCommand({
    TableName,
    Key: { pk: pk.counter },
    UpdateExpression: "SET last_id = :to, imported = list_append(if_not_exists(imported, :none), :ranges)",
    ConditionExpression: range.above === 0 ? "attribute_not_exists(last_id)" : "last_id = :above",
    ExpressionAttributeValues: {
      ":to": range.to,
      ":none": [],
      ":ranges": [range],
      ...(range.above === 0 ? {} : { ":above": range.above }),
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

/**
 * Takes all ids up to `highest` that nobody was given, in one step, as a create takes one. The counter never goes down.
 * @returns whether an id belongs to imports: this one, or one before it. The service had any other one, and a request
 *   may still be about to use it
 * @throws Error when the counter does not keep still
 */
export const takeIdsUpTo = async (client: DynamoDBDocumentClient, tableName: string, highest: number) => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { last_id: above, imported } = await readCounter(client, tableName);
    const isBehind = above < highest;
    const range = { above, to: highest };
    if (isBehind && !(await raiseCounter(client, tableName, range))) continue;
    const ranges = isBehind ? [...imported, range] : imported;
    return (id: number) => ranges.some(({ above, to }) => id > above && id <= to);
  }
  throw new Error("Too many sessions are being created at the same time. Try again later");
};
