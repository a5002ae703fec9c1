import { pk } from "../../functions/item-keys.ts";
import { readItem, type TestTable } from "./test-table.ts";

/** Few enough for the engine to answer all of them before the SDK times out. */
const READS_AT_A_TIME = 50;

/** @returns the last id that the counter gave away, 0 when there is none */
export const readLastId = async (table: TestTable): Promise<number> =>
  (await readItem(table, pk.counter))?.last_id ?? 0;

/**
 * @param after - the id before the first one that counts
 * @returns the stored sessions in the order of their ids, each as the body of the answer that created it
 */
export const readStoredSessions = async (table: TestTable, after = 0): Promise<readonly string[]> => {
  const lastId = await readLastId(table);
  const ids = Array.from({ length: lastId - after }, (_, index) => after + 1 + index);
  const sessions: (string | undefined)[] = [];
  while (ids.length > 0) {
    const reads = ids.splice(0, READS_AT_A_TIME).map((id) => readSession(table, id));
    sessions.push(...(await Promise.all(reads)));
  }
  return sessions.filter((session) => session !== undefined);
};

const readSession = async (table: TestTable, sessionId: number) => {
  const item = await readItem(table, pk.studySession(sessionId));
  if (!item) return undefined;
  const { id, group_id, study_activity_id, created_at } = item;
  return JSON.stringify({ id, group_id, study_activity_id, created_at });
};
