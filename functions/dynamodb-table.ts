import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
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

  /** @returns false, and changes nothing, when there is an item with this key */
  const putNew = (Item: { readonly pk: string; readonly [attribute: string]: unknown }) =>
    attempt(async () => {
      const ConditionExpression = "attribute_not_exists(pk)";
      try {
        await client.send(new PutCommand({ TableName, Item, ConditionExpression }), { abortSignal });
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });

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

  return { get, putNew, add };
};

export type Table = ReturnType<typeof openTable>;
