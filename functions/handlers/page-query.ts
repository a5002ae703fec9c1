import { HttpError } from "../http-error.ts";
import { parsePositiveInteger } from "../parse-integer.ts";
import { MAX_PAGE_IDS, type PageRequest } from "../sessions/session-page.ts";

/** How many sessions a page has when the request does not say. */
export const DEFAULT_LIMIT = 20;

/**
 * Reads `limit` and `before`.
 * @throws HttpError 400 that names every parameter at fault
 */
export const parsePageQuery = (query: Readonly<Record<string, string | undefined>> = {}): PageRequest => {
  const { limit: limitText = String(DEFAULT_LIMIT), before: beforeText, ...unknown } = query;
  const limit = parsePositiveInteger(limitText, MAX_PAGE_IDS);
  const before = beforeText === undefined ? undefined : parsePositiveInteger(beforeText);
  const faults = [
    limit === undefined && `limit must be an integer from 1 to ${MAX_PAGE_IDS}`,
    beforeText !== undefined && before === undefined && "before must be a positive integer",
    ...Object.keys(unknown).map((name) => `Unknown parameter: ${name}`),
  ].filter((fault) => fault !== false);
  if (limit === undefined || faults.length > 0) throw new HttpError(400, faults.join("; "));
  return { limit, before };
};
