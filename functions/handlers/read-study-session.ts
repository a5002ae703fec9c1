import { jsonResponse } from "../http/json-response.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { HttpError } from "../http-error.ts";
import { parsePositiveInteger } from "../parse-integer.ts";
import { ROUTES } from "../routes.ts";
import type { StudySessionReader } from "../sessions/study-session-reader.ts";

const parseId = (text = "") => {
  const id = parsePositiveInteger(text);
  if (id === undefined) throw new HttpError(400, "id must be a positive integer");
  return id;
};

/** `GET /api/study-sessions/{id}` */
export const readStudySessionRoute = (reader: StudySessionReader, options: ChainOptions) => ({
  route: ROUTES.readStudySession,
  handler: routeChain({
    ...options,
    handle: async ({ pathParameters }, { log }, { signal }) => {
      const session = await reader.read(parseId(pathParameters?.id), signal);
      log.add(session);
      return jsonResponse(200, session);
    },
  }),
});
