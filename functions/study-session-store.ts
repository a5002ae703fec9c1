import { createHash, randomUUID } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openTable, type Table } from "./dynamodb-table.ts";
import { HttpError } from "./http-error.ts";
import { createIdSource } from "./id-source.ts";
import { pk } from "./item-keys.ts";
import { claimKey, moveClaim, parseRecord } from "./key-claim.ts";
import {
  COULD_NOT_SAVE,
  type CreateContext,
  type CreatedStudySession,
  isStored,
  saveUnderFreeId,
} from "./session-write.ts";
import type { StudySession, StudySessionRequest } from "./study-session.ts";

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

interface Create extends Pick<CreateContext, "request" | "onRefusedId"> {
  readonly idempotencyKey: string | undefined;
  /** After it was aborted no further call to the database is started. */
  readonly signal: AbortSignal;
}

const createUnkeyed = async (context: CreateContext) => {
  const { table, takeId, request } = context;
  const [notFound, id] = await Promise.all([checkReferences(table, request), takeId(table)]);
  if (notFound) throw notFound;
  const created = { session: newSession(id, request), isReplay: false };
  return saveUnderFreeId(context, randomUUID(), created, async ({ session }, id) => ({
    session: { ...session, id },
    isReplay: false,
  }));
};

/** Starts work whose failure matters only to who waits for it. */
const startEarly = <T>(work: Promise<T>) => {
  work.catch(() => undefined);
  return work;
};

const createKeyed = async (context: CreateContext, idempotencyKey: string) => {
  const { table, takeId, request } = context;
  const owner = createHash("sha256").update(idempotencyKey).digest("base64url");
  const key = pk.idempotencyKey(owner);
  // Before it is known whether this is a replay, which needs neither: that saves a create one round trip.
  const references = startEarly(checkReferences(table, request));
  const id = startEarly(takeId(table));
  const record = await table.get(key);
  const earlier = record && parseRecord(record, request);
  if (earlier && (await isStored(table, earlier.session, owner))) return earlier;
  const notFound = earlier ? undefined : await references;
  if (notFound) throw notFound;
  const created = earlier ?? (await claimKey(context, key, newSession(await id, request)));
  return saveUnderFreeId(context, owner, created, ({ session }, otherId) =>
    moveClaim(context, key, session, otherId),
  );
};

interface StoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How many ids one write to the counter reserves; 1 when left out. */
  readonly idBlockSize?: number;
}

/** Everything that the service asks of DynamoDB. */
export const createStudySessionStore = ({ client, tableName, idBlockSize = 1 }: StoreOptions) => {
  const takeId = createIdSource(idBlockSize);
  const open = (signal: AbortSignal) => openTable({ client, tableName, signal, failure: COULD_NOT_SAVE });
  return {
    /**
     * Creates a study session, or finds the one that the idempotency key stands for.
     * @throws HttpError 404 for an unknown group or activity, 422 for a key that stands for other ids, 503 when
     *   the database throttles or takes too long, 500 when it fails
     */
    create: ({ request, idempotencyKey, signal, onRefusedId }: Create): Promise<CreatedStudySession> => {
      const context = { table: open(signal), takeId, request, onRefusedId };
      return idempotencyKey === undefined ? createUnkeyed(context) : createKeyed(context, idempotencyKey);
    },
  };
};

export type StudySessionStore = ReturnType<typeof createStudySessionStore>;
