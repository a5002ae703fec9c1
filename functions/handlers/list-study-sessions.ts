import { jsonResponse } from "../http/json-response.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { ROUTES } from "../routes.ts";
import type { StudySessionReader } from "../sessions/study-session-reader.ts";
import { parsePageQuery } from "./page-query.ts";

interface Dependencies extends ChainOptions {
  readonly reader: StudySessionReader;
}

/** `GET /api/study-sessions` */
export const listStudySessions = ({ reader, ...options }: Dependencies) =>
  routeChain(options).handler(async ({ queryStringParameters }, _, { signal }) => {
    const { limit, before } = parsePageQuery(queryStringParameters);
    const { sessions, nextBefore } = await reader.list({ limit, before, signal });
    const next = nextBefore && `${ROUTES.listStudySessions.path}?limit=${limit}&before=${nextBefore}`;
    return jsonResponse(200, { study_sessions: sessions, next: next ?? null });
  });
