import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { HttpError, serviceBusy } from "../http-error.ts";

/** The properties that all calls of one request share. */
export interface DatabaseRequest {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** No further call starts after the signal is aborted. */
  readonly signal: AbortSignal;
  /** The error text for the client when a call fails. */
  readonly failure: string;
}

const THROTTLING = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

/** Tells whether DynamoDB had no capacity for a call, even after the SDK's retries. */
export const isThrottling = (error: unknown) => error instanceof Error && THROTTLING.has(error.name);

/** The SDK calls a reset connection a TimeoutError too. Only the code tells the two apart. */
const isOutOfTime = (error: Error & { readonly code?: unknown }) =>
  error.name === "AbortError" ||
  (error.name === "TimeoutError" && error.code !== "ECONNRESET" && error.code !== "EPIPE");

const databaseError = (cause: unknown, failure: string) =>
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
