import { DatabaseSync } from "node:sqlite";

/** The portal's tables, as far as the service knows them. */
const PORTAL = `
  CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, words_count INTEGER DEFAULT 0);
  CREATE TABLE study_activities (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, url TEXT, preview_url TEXT);
  CREATE TABLE study_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER, study_activity_id INTEGER,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
  );
  INSERT INTO groups VALUES (1, 'Core Verbs', 20), (7, 'Kanji', 100);
  INSERT INTO study_activities VALUES (2, 'Flashcards', 'http://localhost:8081', '/flashcards.png');
`;

/** The tables of a fork: without `words_count`, with `start_time`, and with columns of its own. */
export const FORK = `
  CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE study_activities (
    id INTEGER PRIMARY KEY, name TEXT, description TEXT, type TEXT, difficulty TEXT, url TEXT, preview_url TEXT
  );
  CREATE TABLE study_sessions (
    id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER, start_time DATETIME,
    end_time DATETIME, notes TEXT, active_time_seconds INTEGER
  );
  INSERT INTO groups VALUES (1, 'Core Verbs'), (7, 'Kanji');
  INSERT INTO study_activities VALUES
    (2, 'Flashcards', 'Cards', 'review', 'easy', 'http://localhost:8081', '/flashcards.png');
`;

type Value = string | number | bigint | null;

interface Options {
  readonly file: string;
  /** The statements that make the tables. Left out, they are the portal's. */
  readonly schema?: string;
  /** The values of the first four columns. */
  readonly sessions?: readonly (readonly [Value, Value, Value, Value])[];
  /** Statements that change the tables before the sessions are added. */
  readonly sql?: string;
}

const insertSessions = (database: DatabaseSync, sessions: NonNullable<Options["sessions"]>) => {
  const columns = database.prepare("SELECT * FROM study_sessions").columns().slice(0, 4);
  const names = columns.map(({ name }) => name).join(", ");
  const insert = database.prepare(`INSERT INTO study_sessions (${names}) VALUES (?, ?, ?, ?)`);
  // The id of a row may be above 2^53, and `run` returns the last id.
  insert.setReadBigInts(true);
  database.exec("BEGIN");
  for (const session of sessions) insert.run(...session);
  database.exec("COMMIT");
};

/** Makes a file as the portal has it, with two groups, one study activity, and these sessions. */
export const createPortalFile = ({ file, schema = PORTAL, sessions = [], sql = "" }: Options) => {
  const database = new DatabaseSync(file);
  // No test outlives a power failure, and each statement would wait for the disk.
  database.exec(`PRAGMA synchronous = OFF; ${schema}${sql}`);
  if (sessions.length > 0) insertSessions(database, sessions);
  database.close();
  return file;
};
