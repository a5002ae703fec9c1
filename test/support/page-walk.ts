import { ROUTES } from "../../functions/routes.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import type { Request, Send } from "./send.ts";

export interface ListedPage {
  readonly study_sessions: readonly StudySession[];
  readonly next: string | null;
}

const { path: PATH } = ROUTES.listStudySessions;

/** @param query - with its question mark, or nothing */
export const listRequest = (query = ""): Request => ({ method: "GET", path: PATH + query, headers: {} });

export const readRequest = (id: number): Request => ({ method: "GET", path: `${PATH}/${id}`, headers: {} });

interface Walk {
  readonly send: Send;
  /** The query of the first page. */
  readonly query: string;
  /** Runs after each page, before the next one is asked for. */
  readonly onPage?: (page: ListedPage) => unknown;
}

const beforeOf = (path: string) => Number(/before=(\d+)$/.exec(path)?.[1] ?? Number.POSITIVE_INFINITY);

/**
 * Follows `next` to the end.
 * @returns the sessions of all pages, in the order in which they came
 * @throws Error when a page has another status than 200, or leads on to a page that is not below it
 */
export const walkPages = async ({ send, query, onPage = () => {} }: Walk) => {
  const sessions: StudySession[] = [];
  for (let next: string | null = PATH + query; next !== null; ) {
    const { status, body } = await send({ method: "GET", path: next, headers: {} });
    if (status !== 200) throw new Error(`The response to ${next} was ${status} ${body}`);
    const page: ListedPage = JSON.parse(body);
    if (page.next && !(beforeOf(page.next) < beforeOf(next)))
      throw new Error(`${next} leads to ${page.next}`);
    sessions.push(...page.study_sessions);
    await onPage(page);
    next = page.next;
  }
  return sessions;
};
