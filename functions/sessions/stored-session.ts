import * as v from "valibot";
import { pk } from "./item-keys.ts";
import { StudySession } from "./study-session.ts";

/**
 * Reads the session in an item of the table, without the attributes that only the table needs.
 * @throws Error with the item's key when the item is not the session with this id
 */
export const parseStoredSession = (id: number, item: unknown): StudySession => {
  const { success, output, issues } = v.safeParse(StudySession, item);
  if (success && output.id === id) return output;
  const reason = success ? `it holds the id ${output.id}` : v.summarize(issues);
  throw new Error(`${pk.studySession(id)} is not a study session: ${reason}`);
};
