import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { HttpError, serviceBusy } from "../http-error.ts";

/** What the calls of one request have in common. */
export interface DatabaseRequest {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** After it was aborted, no further call is started. */
  readonly signal: AbortSignal;
  /** What the client is told when the database fails. */
  readonly failure: string;
}

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

export const databaseError = (cause: unknown, failure: string) =>
  isThrottling(cause) || (cause instanceof Error && isOutOfTime(cause))
    ? serviceBusy(cause)
    : new HttpError(500, failure, { cause });

/**
 * Makes a call of a request.
 * @throws HttpError 503 when the request is over or the database has no capacity, 500 when the call fails
 */
export const callDatabase = async <T>(
  { signal, failure }: DatabaseRequest,
  call: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => {
  if (signal.aborted) throw serviceBusy(new Error("The request was over"));
  try {
    return await call({ abortSignal: signal });
  } catch (error) {
    throw databaseError(error, failure);
  }
};
