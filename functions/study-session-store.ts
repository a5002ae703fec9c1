import { createHash, randomUUID } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { databaseError, openTable, type Table } from "./dynamodb-table.ts";
import { HttpError, serviceBusy } from "./http-error.ts";
import { pk } from "./item-keys.ts";
import { Id, isSessionOf, StudySession, type StudySessionRequest } from "./study-session.ts";

const REPLAY_SECONDS = 24 * 60 * 60;

type TakeId = (table: Table) => Promise<number>;

/**
 * Ids that no other call gets, here or in another function. Those that are left over when the process ends, or
 * whose request fails, are lost: ids have gaps.
 * @param blockSize - how many one write to the counter reserves, to be handed out from memory
 */
const createIdSource = (blockSize: number): TakeId => {
  const reserved: number[] = [];
  return async (table) => {
    const id = reserved.pop();
    if (id !== undefined) return id;
    const last = v.parse(Id, await table.add(pk.counter, "last_id", blockSize));
    const first = last - blockSize + 1;
    for (let next = last; next > first; next--) reserved.push(next);
    return first;
  };
};

/** @returns the error to throw when the group or the study activity is not in the table */
const checkReferences = async (table: Table, request: StudySessionRequest) => {
  const [group, studyActivity] = await Promise.all([
    table.get(pk.group(request.group_id)),
    table.get(pk.studyActivity(request.study_activity_id)),
  ]);
  const missing = [!group && "Group not found", !studyActivity && "Study activity not found"].filter(Boolean);
  return missing.length > 0 ? new HttpError(404, missing.join("; ")) : undefined;
};

const newSession = (id: number, request: StudySessionRequest): StudySession => ({
  id,
  ...request,
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

const createUnkeyed = async (table: Table, takeId: TakeId, request: StudySessionRequest) => {
  const [notFound, id] = await Promise.all([checkReferences(table, request), takeId(table)]);
  if (notFound) throw notFound;
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

const createKeyed = async (
  table: Table,
  takeId: TakeId,
  request: StudySessionRequest,
  idempotencyKey: string,
) => {
  const owner = createHash("sha256").update(idempotencyKey).digest("base64url");
  const key = pk.idempotencyKey(owner);
  // Without waiting to learn that there is no record: a replay costs an id, and a create one round trip less.
  const [notFound, record, id] = await Promise.all([
    checkReferences(table, request),
    table.get(key),
    takeId(table),
  ]);
  if (!record && notFound) throw notFound;
  const claim = record
    ? { session: v.parse(StudySession, record), isReplay: true }
    : await claimKey(table, key, newSession(id, request));
  if (!isSessionOf(claim.session, request)) {
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

interface StoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How many ids one write to the counter reserves; 1 when left out. */
  readonly idBlockSize?: number;
}

/** Everything that the service asks of DynamoDB. */
export const createStudySessionStore = ({ client, tableName, idBlockSize = 1 }: StoreOptions) => {
  const takeId = createIdSource(idBlockSize);
  return {
    /** Makes the SDK ready, and opens a connection, by a read whose outcome does not matter. Never fails. */
    warmUp: async () => {
      const table = openTable(client, tableName, new AbortController().signal);
      await table.get(pk.counter).catch(() => undefined);
    },

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
        ? createUnkeyed(table, takeId, request)
        : createKeyed(table, takeId, request, idempotencyKey);
    },
  };
};

export type StudySessionStore = ReturnType<typeof createStudySessionStore>;
