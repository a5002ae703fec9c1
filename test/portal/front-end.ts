import { ROUTES } from "../../functions/routes.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";

interface Page {
  readonly study_sessions: readonly StudySession[];
  readonly next: string | null;
}

const { path } = ROUTES.createStudySession;

const create = async (url: string, groupId: number) => {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ group_id: groupId, study_activity_id: 1 }),
  });
  const { id } = (await response.json()) as StudySession;
  return { status: response.status, id };
};

const readAll = async (url: string) => {
  const sessions: StudySession[] = [];
  let next: string | null = `${path}?limit=100`;
  while (next !== null) {
    const page = (await (await fetch(url + next)).json()) as Page;
    sessions.push(...page.study_sessions);
    next = page.next;
  }
  return sessions;
};

/** Makes the calls of a portal's front end to the service. */
export const createFrontEnd = (url: string) => ({
  /** Creates a session with a group of the portal and its only study activity. */
  create: (groupId = 1) => create(url, groupId),
  /** Reads all sessions, the newest first, with their times as the portal has them. */
  readAll: async () =>
    (await readAll(url)).map((session) => ({
      ...session,
      created_at: session.created_at.slice(0, 19).replace("T", " "),
    })),
});

export type FrontEnd = ReturnType<typeof createFrontEnd>;
