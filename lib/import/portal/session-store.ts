import { DatabaseSync } from "node:sqlite";
import type { StudySession } from "../../../functions/sessions/study-session.ts";

/**
 * Keeps sessions on the disk until they are written, so that memory does not grow with their number. SQLite keeps a
 * database without a name in a temporary file, which goes with the process.
 */
export const createSessionStore = () => {
  const database = new DatabaseSync("");
  database.exec(`
    PRAGMA journal_mode = OFF;
    CREATE TABLE sessions (id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER, created_at TEXT);
    BEGIN;
  `);
  const insert = database.prepare("INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, ?)");
  let count = 0;
  return {
    /** @returns false when there is a session with this id already */
    add: ({ id, group_id, study_activity_id, created_at }: StudySession) => {
      const isNew = insert.run(id, group_id, study_activity_id, created_at).changes === 1;
      if (isNew) count++;
      return isNew;
    },
    count: () => count,
    /** @returns the sessions, sorted by id */
    read: function* (): Generator<StudySession> {
      for (const row of database.prepare("SELECT * FROM sessions ORDER BY id").iterate()) {
        const { id, group_id, study_activity_id, created_at } = row;
        yield {
          id: Number(id),
          group_id: Number(group_id),
          study_activity_id: Number(study_activity_id),
          created_at: String(created_at),
        };
      }
    },
    close: () => database.close(),
  };
};

export type SessionStore = ReturnType<typeof createSessionStore>;
