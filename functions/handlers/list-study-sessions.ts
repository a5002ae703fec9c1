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
      const { limit, before } = parsePageQuery(queryStringParameters);
      const { sessions, unreadable, nextBefore } = await reader.list({ limit, before, signal });
      for (const { key, error } of unreadable) log.error(error, { unreadableKey: key });
      const next = nextBefore === undefined ? null : `${route.path}?limit=${limit}&before=${nextBefore}`;
      log.add({ study_sessions: sessions.length, next });
      return jsonResponse(200, { study_sessions: sessions, next });
    },
  }),
});
