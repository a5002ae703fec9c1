import { jsonResponse } from "../http/json-response.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { ROUTES } from "../routes.ts";
import type { StudySessionReader } from "../sessions/study-session-reader.ts";
import { parsePageQuery } from "./page-query.ts";

const route = ROUTES.listStudySessions;

/** `GET /api/study-sessions` */
export const listStudySessionsRoute = (reader: StudySessionReader, options: ChainOptions) => ({
  route,
  handler: routeChain({
    ...options,
    handle: async ({ queryStringParameters }, { log }, { signal }) => {
      const page = parsePageQuery(queryStringParameters);
      const { sessions, unreadable, nextBefore } = await reader.list(page, signal);
      for (const { key, error } of unreadable) log.error(error, { unreadableKey: key });
      const next = nextBefore ? `${route.path}?limit=${page.limit}&before=${nextBefore}` : null;
      log.add({ study_sessions: sessions.length, next });
      return jsonResponse(200, { study_sessions: sessions, next });
    },
  }),
});
