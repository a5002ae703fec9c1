import type { DatabaseRequest } from "../dynamodb/database-call.ts";
import { getItem, putNew } from "../dynamodb/table-calls.ts";
import { HttpError } from "../http-error.ts";
import type { TakeId } from "./id-source.ts";
import { pk } from "./item-keys.ts";
import type { HasReference } from "./known-references.ts";
import type { StudySession, StudySessionRequest } from "./study-session.ts";

export const COULD_NOT_SAVE = "Database error: the study session could not be saved";

/** A create tries at most this many ids: an id may be taken after the counter was put back. */
const MAX_IDS = 3;

/** The properties that all steps of one create share. */
export interface CreateContext {
  readonly database: DatabaseRequest;
  readonly takeId: TakeId;
  readonly hasReference: HasReference;
  readonly request: StudySessionRequest;
  /** Called for each id that turns out to be taken by another request's session. */
  readonly onRefusedId: (id: number, error: Error) => void;
}

export interface CreatedStudySession {
  readonly session: StudySession;
  /** True if an earlier request with the same key created the session. */
  readonly isReplay: boolean;
}

/** Tells whether the session is stored. An item of another owner or of another time is another session. */
export const isStored = async (database: DatabaseRequest, session: StudySession, owner: string) => {
  const item = await getItem(database, pk.studySession(session.id));
  return item?.owner === owner && item.created_at === session.created_at;
};

/**
 * Writes the session and overwrites nothing. When there is an item already, it may be our own: the SDK retries writes.
 * @returns false when the id is taken
 */
const saveSession = async (database: DatabaseRequest, session: StudySession, owner: string) =>
  (await putNew(database, { pk: pk.studySession(session.id), ...session, owner })) ||
  (await isStored(database, session, owner));

/**
 * Saves the session. When its id is taken, saves the session under another id.
 * @param move - gives the session another id
 */
export const saveUnderFreeId = async (
  { database, takeId, onRefusedId }: CreateContext,
  owner: string,
  created: CreatedStudySession,
  move: (refused: CreatedStudySession, id: number) => Promise<CreatedStudySession>,
): Promise<CreatedStudySession> => {
  let current = created;
  for (let tried = 1; !(await saveSession(database, current.session, owner)); tried++) {
    const { id } = current.session;
    const error = new Error(`${pk.studySession(id)} belongs to another request`);
    onRefusedId(id, error);
    if (tried === MAX_IDS) throw new HttpError(500, COULD_NOT_SAVE, { cause: error });
    current = await move(current, await takeId(database));
  }
  return current;
};
