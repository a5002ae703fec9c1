import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { pk } from "../../functions/sessions/item-keys.ts";
import type { Finding } from "./finding.ts";

/** Numbers are exact up to 2^53: half of the ids stay free for new sessions. */
const HIGHEST_COUNTER = 2 ** 52;

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The value in the counter's item, or undefined when there is none. It has to be read after all ids. */
  readonly lastId: unknown;
  /** The highest id is 0 when no session is stored. */
  readonly highestId: number;
}

/** Never lowers the counter. When the condition fails, another process has raised the counter far enough. */
const repairCounter = async ({ client, tableName, highestId }: Options) => {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { pk: pk.counter },
    UpdateExpression: "SET last_id = :highest",
    ConditionExpression: "attribute_not_exists(last_id) OR last_id < :highest",
    ExpressionAttributeValues: { ":highest": highestId },
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return true;
};

/** Checks that the counter gives out no id that is in use. A missing counter, or one at 0, gave out no id yet. */
export const checkCounter = (options: Options): Finding[] => {
  const { lastId = 0, highestId } = options;
  if (!Number.isSafeInteger(lastId)) {
    return [{ message: `${pk.counter} can't be read: its last_id is ${JSON.stringify(lastId)}` }];
  }
  if (Number(lastId) >= highestId) return [];
  const state = options.lastId === undefined ? "is missing" : `is at ${lastId}`;
  const fault = highestId === 0 ? ", and would give out ids below 1" : `, but the highest id is ${highestId}`;
  const message = `${pk.counter} ${state}${fault}`;
  return highestId > HIGHEST_COUNTER ? [{ message }] : [{ message, repair: () => repairCounter(options) }];
};
