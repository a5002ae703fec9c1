import * as v from "valibot";
import { internalError } from "../http-error.ts";
import { pk } from "./item-keys.ts";
import { StudySession } from "./study-session.ts";

/**
 * The session in an item of the table, without what belongs only to the table.
 * @throws HttpError 500 when the item is not the session with this id; the cause names the item's key
 */
export const parseStoredSession = (id: number, item: unknown): StudySession => {
  const { success, output, issues } = v.safeParse(StudySession, item);
  if (success && output.id === id) return output;
  const reason = success ? `it holds the id ${output.id}` : v.summarize(issues);
  throw internalError(new Error(`${pk.studySession(id)} is not a study session: ${reason}`));
};
