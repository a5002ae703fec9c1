import { DatabaseSync } from "node:sqlite";
import { runAtEnd } from "./run-at-end.ts";

/**
 * Does with the file what a portal's server does. Each statement is a transaction of its own, unless it begins one. The
 * file is closed with the test.
 */
export const openTestPortal = (file: string) => {
  const database = new DatabaseSync(file, { timeout: 5000 });
  // No test outlives a power failure, and each statement would wait for the disk.
  database.exec("PRAGMA synchronous = OFF");
  const close = () => database.isOpen && database.close();
  runAtEnd(close);
  return {
    run: (sql: string) => database.exec(sql),
    /** Reads the ids of the sessions, in their order. */
    sessionIds: () =>
      database
        .prepare("SELECT id FROM study_sessions ORDER BY id")
        .all()
        .map(({ id }) => Number(id)),
    close,
  };
};

export type TestPortal = ReturnType<typeof openTestPortal>;
