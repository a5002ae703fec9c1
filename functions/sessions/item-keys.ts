/** Keys of the one table. Everything in it is found by one of these. */
export const pk = {
  counter: "counter#study_session",
  group: (id: number) => `group#${id}`,
  studyActivity: (id: number) => `study_activity#${id}`,
  studySession: (id: number) => `study_session#${id}`,
  idempotencyKey: (hash: string) => `idempotency_key#${hash}`,
} as const;
