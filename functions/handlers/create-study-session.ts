import { jsonResponse } from "../http/json-response.ts";
import { requestBody } from "../http/request-body.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { ROUTES } from "../routes.ts";
import { parseStudySessionRequest } from "../sessions/study-session.ts";
import type { StudySessionStore } from "../sessions/study-session-store.ts";
import { readKeyHash } from "./idempotency-key.ts";

/** This part of the hash is enough to tell keys apart in the log. */
const LOGGED_HASH_CHARACTERS = 16;

const route = ROUTES.createStudySession;

/** `POST /api/study-sessions` */
export const createStudySessionRoute = (store: StudySessionStore, options: ChainOptions) => ({
  route,
  handler: routeChain({
    ...options,
    middleware: requestBody(),
    handle: async (event, { log }, { signal }) => {
      const request = parseStudySessionRequest(event.body);
      const keyHash = readKeyHash(event);
      if (keyHash) log.add({ keyHash: keyHash.slice(0, LOGGED_HASH_CHARACTERS) });
      const onRefusedId = (refusedId: number, error: Error) => log.error(error, { refusedId });
      const { session, isReplay } = await store.create({ request, keyHash, signal, onRefusedId });
      log.add({ ...session, replayed: isReplay });
      return jsonResponse(201, session, {
        Location: `${route.path}/${session.id}`,
        ...(isReplay && { "Idempotent-Replayed": "true" }),
      });
    },
  }),
});
