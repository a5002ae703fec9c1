const TIMEOUT_MS = 15_000;

/** Pages can be short or empty, because ids have gaps. One look reads this many pages. */
const MAX_PAGES = 20;

/** A response of the service that is not a success. */
export class ResponseError extends Error {}

/**
 * Sends a request.
 * @returns the response, whatever its status
 * @throws TypeError or DOMException when the service does not respond
 */
export const send = async (path, init = {}) => {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { status, statusText, headers } = response;
  return { status, statusText, headers, body: await response.json() };
};

/** @throws ResponseError when the response is not a success, otherwise like `send` */
export const read = async (path, headers = {}) => {
  const { status, body } = await send(path, { headers });
  if (status !== 200) throw new ResponseError(`${status}: ${body.error ?? body.message}`);
  return body;
};

/** Reads sessions from `path` on, and follows `next` until there are enough. */
export const readSessions = async (path, { isEnough, headers }) => {
  const sessions = [];
  let next = path;
  for (let pages = 0; pages < MAX_PAGES && next !== null && !isEnough(sessions); pages++) {
    const page = await read(next, headers);
    sessions.push(...page.study_sessions);
    next = page.next;
  }
  return { sessions, next };
};
