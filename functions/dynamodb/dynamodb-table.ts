import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, type PutCommandInput, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { callDatabase, type DatabaseRequest } from "./database-call.ts";
import { readItem } from "./item-read.ts";

type Condition = Pick<PutCommandInput, "ConditionExpression" | "ExpressionAttributeValues">;

interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

/** The calls of a create. */
export const openTable = (request: DatabaseRequest) => {
  const { client, tableName: TableName } = request;

  const get = (key: string) => readItem(request, key);

  const putIf = (Item: Item, condition: Condition) =>
    callDatabase(request, async (options) => {
      try {
        await client.send(new PutCommand({ TableName, Item, ...condition }), options);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });

  /** @returns false, and changes nothing, when there is an item with this key */
  const putNew = (item: Item) => putIf(item, { ConditionExpression: "attribute_not_exists(pk)" });

  /** @returns false, and changes nothing, unless there is an item with this key whose `id` is this one */
  const replaceWithId = (item: Item, id: number) =>
    putIf(item, { ConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": id } });

  /** Adds to a number that counts from 0, in one step. @returns the sum */
  const add = (key: string, attribute: string, amount: number) =>
    callDatabase(request, async (options) => {
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

  return { get, putNew, replaceWithId, add };
};

export type Table = ReturnType<typeof openTable>;
