import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { HttpError, serviceBusy } from "./http-error.ts";

const THROTTLING = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

/** Whether DynamoDB had no capacity for a call, even though the SDK repeated it. */
export const isThrottling = (error: unknown) => error instanceof Error && THROTTLING.has(error.name);

/** The SDK calls a reset connection a TimeoutError too; its code tells it apart. */
const isOutOfTime = (error: Error & { readonly code?: unknown }) =>
  error.name === "AbortError" ||
  (error.name === "TimeoutError" && error.code !== "ECONNRESET" && error.code !== "EPIPE");

export const databaseError = (cause: unknown) =>
  isThrottling(cause) || (cause instanceof Error && isOutOfTime(cause))
    ? serviceBusy(cause)
    : new HttpError(500, "Database error: the study session could not be saved", { cause });

type Condition = Pick<PutCommandInput, "ConditionExpression" | "ExpressionAttributeValues">;

interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

/** The calls of one request: none is started after its signal was aborted, and every failure is an HttpError. */
export const openTable = (client: DynamoDBDocumentClient, TableName: string, abortSignal: AbortSignal) => {
  const attempt = async <T>(call: () => Promise<T>) => {
    if (abortSignal.aborted) throw serviceBusy(new Error("The request was over"));
    try {
      return await call();
    } catch (error) {
      throw databaseError(error);
    }
  };

  const get = (key: string) =>
    attempt(async () => {
      const command = new GetCommand({
        TableName,
        Key: { pk: key },
        ConsistentRead: true,
      });
      return (await client.send(command, { abortSignal })).Item;
    });

  const putIf = (Item: Item, condition: Condition) =>
    attempt(async () => {
      try {
        await client.send(new PutCommand({ TableName, Item, ...condition }), { abortSignal });
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
    attempt(async () => {
      const command = new UpdateCommand({
        TableName,
        Key: { pk: key },
        UpdateExpression: "ADD #attribute :amount",
        ExpressionAttributeNames: { "#attribute": attribute },
        ExpressionAttributeValues: { ":amount": amount },
        ReturnValues: "UPDATED_NEW",
      });
      return (await client.send(command, { abortSignal })).Attributes?.[attribute];
    });

  return { get, putNew, replaceWithId, add };
};

export type Table = ReturnType<typeof openTable>;
