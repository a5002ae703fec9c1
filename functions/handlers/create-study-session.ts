import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { jsonResponse } from "../http/json-response.ts";
import { requestBody } from "../http/request-body.ts";
import { readHeader } from "../http/request-header.ts";
import { addToLog, logSurvivedError } from "../http/request-log.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { ROUTES } from "../routes.ts";
import { parseStudySessionRequest } from "../sessions/study-session.ts";
import type { StudySessionStore } from "../sessions/study-session-store.ts";
import { hashIdempotencyKey, parseIdempotencyKey } from "./idempotency-key.ts";
import { readTokenSubject } from "./token-subject.ts";

interface Dependencies extends ChainOptions {
  readonly store: StudySessionStore;
}

/** Enough of the hash to tell keys apart in the log. */
const LOGGED_HASH_CHARACTERS = 16;

const readKeyHash = (event: APIGatewayProxyEventV2) => {
  const key = parseIdempotencyKey(readHeader(event, "idempotency-key"));
  return key === undefined ? undefined : hashIdempotencyKey({ key, subject: readTokenSubject(event) });
};

/** `POST /api/study-sessions` */
export const createStudySession = ({ store, ...options }: Dependencies) =>
  routeChain(options)
    .use(requestBody())
    .handler(async (event, context, { signal }) => {
      const request = parseStudySessionRequest(event.body);
      const keyHash = readKeyHash(event);
      if (keyHash) addToLog(context, { keyHash: keyHash.slice(0, LOGGED_HASH_CHARACTERS) });
      const onRefusedId = (error: Error) => logSurvivedError(options.writeLog, context, error);
      const { session, isReplay } = await store.create({ request, keyHash, signal, onRefusedId });
      addToLog(context, { replayed: isReplay });
      return jsonResponse(201, session, {
        Location: `${ROUTES.createStudySession.path}/${session.id}`,
        ...(isReplay && { "Idempotent-Replayed": "true" }),
      });
    });
