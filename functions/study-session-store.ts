import { createHash, randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { HttpError, serviceBusy } from "./http-answer.ts";
import { Id, StudySession, type StudySessionRequest } from "./study-session.ts";

/** Keys of the one table. Everything in it is found by one of these. */
export const pk = {
  counter: "counter#study_session",
  group: (id: number) => `group#${id}`,
  studyActivity: (id: number) => `study_activity#${id}`,
  studySession: (id: number) => `study_session#${id}`,
  idempotencyKey: (hash: string) => `idempotency_key#${hash}`,
} as const;

const REPLAY_SECONDS = 24 * 60 * 60;

const THROTTLING = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

/** The SDK calls a reset connection a TimeoutError too; its code tells it apart. */
const isOutOfTime = (error: Error & { readonly code?: unknown }) =>
  error.name === "AbortError" ||
  (error.name === "TimeoutError" && error.code !== "ECONNRESET" && error.code !== "EPIPE");

const databaseError = (cause: unknown) =>
  cause instanceof Error && (THROTTLING.has(cause.name) || isOutOfTime(cause))
    ? serviceBusy(cause)
    : new HttpError(500, "Database error: the study session could not be saved", { cause });

/** The calls of one request: none is started after its signal was aborted, and every failure is an HttpError. */
const openTable = (client: DynamoDBDocumentClient, TableName: string, abortSignal: AbortSignal) => {
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

  /** An id that no other call gets, here or elsewhere. An id whose request fails later is lost: ids have gaps. */
  const takeId = () =>
    attempt(async () => {
      const command = new UpdateCommand({
        TableName,
        Key: { pk: pk.counter },
        UpdateExpression: "ADD last_id :one",
        ExpressionAttributeValues: { ":one": 1 },
        ReturnValues: "UPDATED_NEW",
      });
      const { Attributes } = await client.send(command, { abortSignal });
      return v.parse(Id, Attributes?.last_id);
    });

  return { get, putNew, takeId };
};

type Table = ReturnType<typeof openTable>;

const findMissingReferences = async (table: Table, request: StudySessionRequest) => {
  const [group, studyActivity] = await Promise.all([
    table.get(pk.group(request.group_id)),
    table.get(pk.studyActivity(request.study_activity_id)),
  ]);
  const missing = [!group && "Group not found", !studyActivity && "Study activity not found"].filter(Boolean);
  return missing.length > 0 ? new HttpError(404, missing.join("; ")) : undefined;
};

const newSession = (id: number, request: StudySessionRequest): StudySession => ({
  id,
  group_id: request.group_id,
  study_activity_id: request.study_activity_id,
  created_at: new Date().toISOString(),
});

/**
 * Writes the session unless it is there. The owner tells our own earlier write, whose answer was lost and which
 * the SDK or the client repeats, from somebody else's, which is never overwritten.
 */
const saveSession = async (table: Table, session: StudySession, owner: string) => {
  const key = pk.studySession(session.id);
  if (await table.putNew({ pk: key, ...session, owner })) return;
  const stored = await table.get(key);
  if (stored?.owner !== owner) throw databaseError(new Error(`${key} belongs to another request`));
};

const createUnkeyed = async (table: Table, request: StudySessionRequest) => {
  const [missing, id] = await Promise.all([findMissingReferences(table, request), table.takeId()]);
  if (missing) throw missing;
  const session = newSession(id, request);
  await saveSession(table, session, randomUUID());
  return { session, isReplay: false };
};

/** Gives the key this session, unless a request with the same key was faster: then it has that request's. */
const claimKey = async (table: Table, key: string, session: StudySession) => {
  const expires_at = Math.ceil(Date.now() / 1000) + REPLAY_SECONDS;
  if (await table.putNew({ pk: key, ...session, expires_at })) return { session, isReplay: false };
  const record = await table.get(key);
  if (!record) throw serviceBusy(new Error(`${key} expired while it was in use`));
  const claimed = v.parse(StudySession, record);
  return { session: claimed, isReplay: claimed.id !== session.id };
};

const createKeyed = async (table: Table, request: StudySessionRequest, idempotencyKey: string) => {
  const owner = createHash("sha256").update(idempotencyKey).digest("base64url");
  const key = pk.idempotencyKey(owner);
  // Without waiting to learn that there is no record: a replay costs an id, and a create one round trip less.
  const [missing, record, id] = await Promise.all([
    findMissingReferences(table, request),
    table.get(key),
    table.takeId(),
  ]);
  if (!record && missing) throw missing;
  const claim = record
    ? { session: v.parse(StudySession, record), isReplay: true }
    : await claimKey(table, key, newSession(id, request));
  const { group_id, study_activity_id } = claim.session;
  if (group_id !== request.group_id || study_activity_id !== request.study_activity_id) {
    throw new HttpError(422, "Idempotency-Key was already used with a different request");
  }
  // On a replay too: the first attempt may have ended before it came to this.
  await saveSession(table, claim.session, owner);
  return claim;
};

export interface CreatedStudySession {
  readonly session: StudySession;
  /** Whether an earlier request with the same key had created it. */
  readonly isReplay: boolean;
}

/** Everything that the service asks of DynamoDB, in the table called `tableName`. */
export const createStudySessionStore = (client: DynamoDBDocumentClient, tableName: string) => ({
  /**
   * Creates a study session, or finds the one that the idempotency key stands for.
   * @param signal - after it was aborted no further call to the database is started
   * @throws HttpError 404 for an unknown group or activity, 422 for a key that stands for other ids, 503 when
   *   the database throttles or takes too long, 500 when it fails
   */
  create: (
    request: StudySessionRequest,
    idempotencyKey: string | undefined,
    signal: AbortSignal,
  ): Promise<CreatedStudySession> => {
    const table = openTable(client, tableName, signal);
    return idempotencyKey === undefined
      ? createUnkeyed(table, request)
      : createKeyed(table, request, idempotencyKey);
  },
});

export type StudySessionStore = ReturnType<typeof createStudySessionStore>;
