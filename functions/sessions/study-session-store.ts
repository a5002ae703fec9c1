import { randomUUID } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openTable } from "../dynamodb/dynamodb-table.ts";
import { HttpError } from "../http-error.ts";
import { createIdSource } from "./id-source.ts";
import { pk } from "./item-keys.ts";
import { claimKey, moveClaim, parseRecord } from "./key-claim.ts";
import { createReferenceLookup } from "./known-references.ts";
import {
  COULD_NOT_SAVE,
  type CreateContext,
  type CreatedStudySession,
  isStored,
  saveUnderFreeId,
} from "./session-write.ts";
import type { StudySession, StudySessionRequest } from "./study-session.ts";

/** @returns the error to throw when the group or the study activity is not in the table */
const checkReferences = async ({ table, hasReference, request }: CreateContext) => {
  const [hasGroup, hasActivity] = await Promise.all([
    hasReference(table, pk.group(request.group_id)),
    hasReference(table, pk.studyActivity(request.study_activity_id)),
  ]);
  if (hasGroup && hasActivity) return undefined;
  const missing = [!hasGroup && "Group not found", !hasActivity && "Study activity not found"];
  return new HttpError(404, missing.filter(Boolean).join("; "));
};

const newSession = (id: number, request: StudySessionRequest): StudySession => ({
  id,
  ...request,
  created_at: new Date().toISOString(),
});

interface Create extends Pick<CreateContext, "request" | "onRefusedId"> {
  /** Stands for the idempotency key, which the table never gets; undefined without a key. */
  readonly keyHash: string | undefined;
  /** After it was aborted no further call to the database is started. */
  readonly signal: AbortSignal;
}

const createUnkeyed = async (context: CreateContext) => {
  const { table, takeId, request } = context;
  const [notFound, id] = await Promise.all([checkReferences(context), takeId(table)]);
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

const createKeyed = async (context: CreateContext, keyHash: string) => {
  const { table, takeId, request } = context;
  const key = pk.idempotencyKey(keyHash);
  // Before it is known whether this is a replay, which needs neither: that saves a create one round trip.
  const references = startEarly(checkReferences(context));
  const id = startEarly(takeId(table));
  const record = await table.get(key);
  const earlier = record && parseRecord(record, request);
  if (earlier && (await isStored(table, earlier.session, keyHash))) return earlier;
  const notFound = earlier ? undefined : await references;
  if (notFound) throw notFound;
  const created = earlier ?? (await claimKey(context, key, newSession(await id, request)));
  return saveUnderFreeId(context, keyHash, created, ({ session }, otherId) =>
    moveClaim(context, key, session, otherId),
  );
};

interface StoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How many ids one write to the counter reserves; 1 when left out. */
  readonly idBlockSize?: number;
  /** How long a group or study activity that was found is not read again; 0 when left out. */
  readonly referenceCacheSeconds?: number;
}

/** Everything that the service asks of DynamoDB. */
export const createStudySessionStore = ({
  client,
  tableName,
  idBlockSize = 1,
  referenceCacheSeconds = 0,
}: StoreOptions) => {
  const takeId = createIdSource(idBlockSize);
  const open = (signal: AbortSignal) => openTable({ client, tableName, signal, failure: COULD_NOT_SAVE });
  const hasReference = createReferenceLookup(referenceCacheSeconds);
  return {
    /**
     * Creates a study session, or finds the one that the idempotency key stands for.
     * @throws HttpError 404 for an unknown group or activity, 422 for a key that stands for other ids, 503 when
     *   the database throttles or takes too long, 500 when it fails
     */
    create: ({ request, keyHash, signal, onRefusedId }: Create): Promise<CreatedStudySession> => {
      const context = { table: open(signal), takeId, hasReference, request, onRefusedId };
      return keyHash === undefined ? createUnkeyed(context) : createKeyed(context, keyHash);
    },
  };
};

export type StudySessionStore = ReturnType<typeof createStudySessionStore>;
