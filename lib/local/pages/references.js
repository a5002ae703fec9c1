import { read } from "./service.js";

const toMap = (references) => new Map(references.map(({ id, name }) => [id, name]));

/**
 * Creates the names of groups and study activities. The page reads them once, and again for a session whose ids have no
 * name: the service scans its whole table for them.
 */
export const createReferences = ({ onChange }) => {
  let groups = new Map();
  let activities = new Map();
  let isLoaded = false;

  const hasNames = (session) => groups.has(session.group_id) && activities.has(session.study_activity_id);

  return {
    groupName: (id) => groups.get(id) || `Group ${id}`,
    activityName: (id) => activities.get(id) || `Study activity ${id}`,
    /** @param sessions - those that the page has not shown before */
    loadFor: async (sessions) => {
      if (isLoaded && sessions.every(hasNames)) return;
      const references = await read("/local/references");
      groups = toMap(references.groups);
      activities = toMap(references.study_activities);
      isLoaded = true;
      onChange(references);
    },
  };
};
