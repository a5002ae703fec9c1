import { DatabaseSync } from "node:sqlite";

/** The portal's tables, as far as the service knows them. */
const SCHEMA = `
  CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, words_count INTEGER DEFAULT 0);
  CREATE TABLE study_activities (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, url TEXT, preview_url TEXT);
  CREATE TABLE study_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER, study_activity_id INTEGER,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
  );
  INSERT INTO groups VALUES (1, 'Core Verbs', 20), (7, 'Kanji', 100);
  INSERT INTO study_activities VALUES (2, 'Flashcards', 'http://localhost:8081', '/flashcards.png');
`;

type Value = string | number | bigint | null;

interface Options {
  readonly file: string;
  readonly sessions?: readonly (readonly Value[])[];
  /** Statements that change the tables before the sessions are added. */
  readonly sql?: string;
}

/** Makes a file as the portal has it, with two groups, one study activity, and these sessions. */
export const createPortalFile = ({ file, sessions = [], sql = "" }: Options) => {
  const database = new DatabaseSync(file);
  database.exec(`${SCHEMA}${sql}`);
  database.exec("BEGIN");
  const insert = database.prepare("INSERT INTO study_sessions VALUES (?, ?, ?, ?)");
  for (const session of sessions) insert.run(...session);
  database.exec("COMMIT");
  database.close();
  return file;
};
