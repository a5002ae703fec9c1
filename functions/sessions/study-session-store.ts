import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { getItem } from "../dynamodb/table-calls.ts";
import { HttpError } from "../http-error.ts";
import { createIdSource } from "./id-source.ts";
import { pk } from "./item-keys.ts";
import { claimKey, moveClaim, parseRecord } from "./key-claim.ts";
import { createReferenceLookup } from "./known-references.ts";
import { ownerOfRequest } from "./session-owner.ts";
import {
  COULD_NOT_SAVE,
  type CreateContext,
  type CreatedStudySession,
  isStored,
  saveUnderFreeId,
} from "./session-write.ts";
import type { StudySession, StudySessionRequest } from "./study-session.ts";

/** @returns the error to throw when the group or the study activity is not in the table */
const checkReferences = async ({ database, hasReference, request }: CreateContext) => {
  const [hasGroup, hasActivity] = await Promise.all([
    hasReference(database, pk.group(request.group_id)),
    hasReference(database, pk.studyActivity(request.study_activity_id)),
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
  /** The hash of the idempotency key; undefined without a key. The table never gets the key itself. */
  readonly keyHash: string | undefined;
  /** No further call to the database starts after the signal is aborted. */
  readonly signal: AbortSignal;
}

const createUnkeyed = async (context: CreateContext) => {
  const { database, takeId, request } = context;
  const [notFound, id] = await Promise.all([checkReferences(context), takeId(database)]);
  if (notFound) throw notFound;
  const created = { session: newSession(id, request), isReplay: false };
  return saveUnderFreeId(context, ownerOfRequest(), created, async ({ session }, id) => ({
    session: { ...session, id },
    isReplay: false,
  }));
};

/** Starts work whose failure is no unhandled rejection when nobody awaits the work. */
const startEarly = <T>(work: Promise<T>) => {
  work.catch(() => undefined);
  return work;
};

const createKeyed = async (context: CreateContext, keyHash: string) => {
  const { database, takeId, request } = context;
  const key = pk.idempotencyKey(keyHash);
  // A replay needs neither. Starting them before the record is read saves a create one round trip.
  const references = startEarly(checkReferences(context));
  const id = startEarly(takeId(database));
  const record = await getItem(database, key);
  const earlier = record && parseRecord(record, request);
  if (earlier && (await isStored(database, earlier.session, keyHash))) return earlier;
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
  /** The number of ids that one write to the counter reserves; 1 by default. */
  readonly idBlockSize?: number;
  /** The time for which an existing group or study activity stays cached; 0, the default, disables the cache. */
  readonly referenceCacheSeconds?: number;
}

/** Creates study sessions in a table. */
export const createStudySessionStore = ({
  client,
  tableName,
  idBlockSize = 1,
  referenceCacheSeconds = 0,
}: StoreOptions) => {
  const takeId = createIdSource(idBlockSize);
  const hasReference = createReferenceLookup(referenceCacheSeconds);
  return {
    /**
     * Creates a study session, or finds the session that the idempotency key already stands for.
     * @throws HttpError 404 for an unknown group or activity, 422 for a key that stands for other ids, 503 when
     *   the database throttles or takes too long, 500 when it fails
     */
    create: ({ request, keyHash, signal, onRefusedId }: Create): Promise<CreatedStudySession> => {
      const database = { client, tableName, signal, failure: COULD_NOT_SAVE };
      const context = { database, takeId, hasReference, request, onRefusedId };
      return keyHash === undefined ? createUnkeyed(context) : createKeyed(context, keyHash);
    },
  };
};

export type StudySessionStore = ReturnType<typeof createStudySessionStore>;
