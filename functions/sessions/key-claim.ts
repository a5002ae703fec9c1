import * as v from "valibot";
import { getItem, putNew, replaceWithId } from "../dynamodb/table-calls.ts";
import { HttpError, serviceBusy } from "../http-error.ts";
import type { CreateContext, CreatedStudySession } from "./session-write.ts";
import { isSessionOf, StudySession, type StudySessionRequest } from "./study-session.ts";

export const REPLAY_SECONDS = 24 * 60 * 60;

const toRecord = (key: string, session: StudySession) => ({
  pk: key,
  ...session,
  expires_at: Math.ceil(Date.now() / 1000) + REPLAY_SECONDS,
});

/** @throws HttpError 422 when the key already stands for a session with other ids than the request's */
export const parseRecord = (record: unknown, request: StudySessionRequest): CreatedStudySession => {
  const session = v.parse(StudySession, record);
  if (isSessionOf(session, request)) return { session, isReplay: true };
  throw new HttpError(422, "Idempotency-Key was already used with a different request");
};

/**
 * Reads the session that the key already stands for, after our conditional write failed: another request with the key
 * was faster, or the SDK retried our own write.
 */
const readClaim = async ({ database, request }: CreateContext, key: string, ownId: number) => {
  const record = await getItem(database, key);
  if (!record) throw serviceBusy(new Error(`${key} expired while it was in use`));
  const { session } = parseRecord(record, request);
  return { session, isReplay: session.id !== ownId };
};

/** Gives the key this session, unless the key has a session. */
export const claimKey = async (context: CreateContext, key: string, session: StudySession) =>
  (await putNew(context.database, toRecord(key, session)))
    ? { session, isReplay: false }
    : readClaim(context, key, session.id);

/**
 * Gives the key its session under another id. This is safe because a session is never changed or deleted: where
 * another request has the id, this key's session was never stored under it, so no client was told of it.
 */
export const moveClaim = async (context: CreateContext, key: string, refused: StudySession, id: number) => {
  const session = { ...refused, id };
  return (await replaceWithId(context.database, toRecord(key, session), refused.id))
    ? { session, isReplay: false }
    : readClaim(context, key, id);
};
