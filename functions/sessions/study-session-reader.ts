import type { DatabaseRequest } from "../dynamodb/database-call.ts";
import { getItem } from "../dynamodb/table-calls.ts";
import { HttpError } from "../http-error.ts";
import { pk } from "./item-keys.ts";
import { type PageRequest, readPage } from "./session-page.ts";
import { parseStoredSession } from "./stored-session.ts";

/**
 * Reads study sessions from a table. All reads are consistent, so they find a session as soon as it is created.
 * Both functions start no further call after the signal is aborted. They throw HttpError: 503 when the database
 * throttles or takes too long, 500 when it fails.
 */
export const createStudySessionReader = (database: Pick<DatabaseRequest, "client" | "tableName">) => ({
  /** @throws HttpError 404 when there is no such session, and Error when its item is not a study session */
  read: async (id: number, signal: AbortSignal) => {
    const failure = "Database error: the study session could not be read";
    const item = await getItem({ ...database, signal, failure }, pk.studySession(id));
    if (!item) throw new HttpError(404, "Study session not found");
    return parseStoredSession(id, item);
  },

  list: (page: PageRequest, signal: AbortSignal) => {
    const failure = "Database error: the study sessions could not be read";
    return readPage({ ...database, signal, failure }, page);
  },
});

export type StudySessionReader = ReturnType<typeof createStudySessionReader>;
