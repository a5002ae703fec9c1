import { readPortalDatabase } from "../../lib/import/portal/portal-database.ts";
import type { NameMap } from "../../lib/import/portal/portal-names.ts";
import { createPortalFile } from "./portal-file.ts";

type File = Parameters<typeof createPortalFile>[0];

/** Makes a portal's file, and reads all of it. */
export const readPortalFile = (file: File, nameMap?: NameMap) => {
  const data = readPortalDatabase(createPortalFile(file), nameMap);
  const {
    groups,
    study_activities,
    refusedReferences,
    highestSessionId,
    sessionCount,
    names,
    notes,
    refusals,
  } = data;
  const study_sessions = [...data.readSessions()];
  data.close();
  return {
    groups,
    study_activities,
    refusedReferences,
    study_sessions,
    highestSessionId,
    sessionCount,
    names,
    notes: notes.toLines(),
    refusals: refusals.toLines(),
  };
};
