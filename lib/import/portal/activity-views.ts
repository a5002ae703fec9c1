import type { DatabaseSync } from "node:sqlite";
import { quoteName } from "./sqlite-file.ts";
import type { Candidate } from "./table-candidates.ts";

/** Checks whether a table has the names of study activities, and lacks only their ids. */
export const namesActivities = ({ kind, columns, faults }: Candidate) =>
  kind === "study_sessions" &&
  columns.has("activity_name") &&
  !columns.has("study_activity_id") &&
  faults.length === 1;

/**
 * Makes a table of study activities from sessions that name their activity. The activities get ids in the order of
 * their first sessions, which stay the same when more sessions follow. The views are temporary: they are not in the file.
 */
export const addActivityViews = (database: DatabaseSync, sessions: Candidate): readonly Candidate[] => {
  const { activity_name: names = [], id: ids = [], ...others } = Object.fromEntries(sessions.columns);
  const [table, id, activity] = [sessions.name, ...ids, ...names].map(quoteName);
  const kept = [...ids, ...Object.values(others).flat()].map((column) => `sessions.${quoteName(column)}`);
  database.exec(`
    CREATE TEMP VIEW study_activities AS
      SELECT row_number() OVER (ORDER BY min(${id})) AS id, ${activity} AS name
      FROM main.${table} WHERE trim(${activity}) <> '' GROUP BY ${activity};
    CREATE TEMP VIEW ${table} AS
      SELECT ${kept.join(", ")}, activities.id AS ${activity}
      FROM main.${table} AS sessions
      LEFT JOIN temp.study_activities AS activities ON activities.name = sessions.${activity};
  `);
  const made = new Map([
    ["id", ["id"]],
    ["name", ["name"]],
  ]);
  return [
    { ...sessions, kind: "study_activities", name: "study_activities", columns: made, faults: [] },
    { ...sessions, columns: new Map([...sessions.columns, ["study_activity_id", names]]), faults: [] },
  ];
};
