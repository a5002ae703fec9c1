/** The first part of the keys of each kind of item. */
export const PREFIX = {
  group: "group#",
  studyActivity: "study_activity#",
  studySession: "study_session#",
  idempotencyKey: "idempotency_key#",
} as const;

/** Makes the keys of the table. Every item is found by one of them. */
export const pk = {
  counter: "counter#study_session",
  portalCopy: "portal_copy",
  portalBlocks: "portal_blocks",
  group: (id: number) => `${PREFIX.group}${id}`,
  studyActivity: (id: number) => `${PREFIX.studyActivity}${id}`,
  studySession: (id: number) => `${PREFIX.studySession}${id}`,
  idempotencyKey: (hash: string) => `${PREFIX.idempotencyKey}${hash}`,
} as const;
