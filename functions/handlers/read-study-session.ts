import { jsonResponse } from "../http/json-response.ts";
import { type ChainOptions, routeChain } from "../http/route-chain.ts";
import { HttpError } from "../http-error.ts";
import { parsePositiveInteger } from "../parse-integer.ts";
import type { StudySessionReader } from "../sessions/study-session-reader.ts";

interface Dependencies extends ChainOptions {
  readonly reader: StudySessionReader;
}

const parseId = (text = "") => {
  const id = parsePositiveInteger(text);
  if (id === undefined) throw new HttpError(400, "id must be a positive integer");
  return id;
};

/** `GET /api/study-sessions/{id}` */
export const readStudySession = ({ reader, ...options }: Dependencies) =>
  routeChain(options).handler(async ({ pathParameters }, _, { signal }) =>
    jsonResponse(200, await reader.read({ id: parseId(pathParameters?.id), signal })),
  );
