import type { Table } from "../dynamodb/dynamodb-table.ts";
import { HttpError } from "../http-error.ts";
import type { TakeId } from "./id-source.ts";
import { pk } from "./item-keys.ts";
import type { HasReference } from "./known-references.ts";
import type { StudySession, StudySessionRequest } from "./study-session.ts";

export const COULD_NOT_SAVE = "Database error: the study session could not be saved";

/** How many ids are tried for one session: an id may be taken after the counter was put back. */
const MAX_IDS = 3;

/** One create: the table during its request, and what it was asked for. */
export interface CreateContext {
  readonly table: Table;
  readonly takeId: TakeId;
  readonly hasReference: HasReference;
  readonly request: StudySessionRequest;
  /** Hears of each id that the counter gave out although another request's session has it. */
  readonly onRefusedId: (error: Error) => void;
}

export interface CreatedStudySession {
  readonly session: StudySession;
  /** Whether the session is that of an earlier request with the same key. */
  readonly isReplay: boolean;
}

/** A matching owner and time mean that this is the session which our own request or an earlier one with our key stored. */
export const isStored = async (table: Table, session: StudySession, owner: string) => {
  const item = await table.get(pk.studySession(session.id));
  return item?.owner === owner && item.created_at === session.created_at;
};

/**
 * Writes the session, and overwrites nothing. The SDK may have sent our own write twice.
 * @returns false when the id is taken
 */
const saveSession = async (table: Table, session: StudySession, owner: string) =>
  (await table.putNew({ pk: pk.studySession(session.id), ...session, owner })) ||
  (await isStored(table, session, owner));

/**
 * Saves the session, under another id where its own is taken.
 * @param move - gives the session another id
 */
export const saveUnderFreeId = async (
  { table, takeId, onRefusedId }: CreateContext,
  owner: string,
  created: CreatedStudySession,
  move: (refused: CreatedStudySession, id: number) => Promise<CreatedStudySession>,
): Promise<CreatedStudySession> => {
  let current = created;
  for (let tried = 1; !(await saveSession(table, current.session, owner)); tried++) {
    const error = new Error(`${pk.studySession(current.session.id)} belongs to another request`);
    onRefusedId(error);
    if (tried === MAX_IDS) throw new HttpError(500, COULD_NOT_SAVE, { cause: error });
    current = await move(current, await takeId(table));
  }
  return current;
};
