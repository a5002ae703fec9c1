import { HttpError } from "../http-error.ts";
import { parsePositiveInteger } from "../parse-integer.ts";
import { MAX_PAGE_IDS, type PageRequest } from "../sessions/session-page.ts";

/** A page has this many sessions by default. */
export const DEFAULT_LIMIT = 20;

/** Neither the response nor the log may grow with what a client sends. */
const MAX_NAME_CHARACTERS = 40;

const cutName = (name: string) => [...name].slice(0, MAX_NAME_CHARACTERS).join("");

/**
 * Reads `limit` and `before`.
 * @throws HttpError 400 that names every wrong parameter, and the first unknown one
 */
export const parsePageQuery = (query: Readonly<Record<string, string | undefined>> = {}): PageRequest => {
  const { limit: limitText = String(DEFAULT_LIMIT), before: beforeText, ...others } = query;
  const limit = parsePositiveInteger(limitText, MAX_PAGE_IDS);
  const before = beforeText === undefined ? undefined : parsePositiveInteger(beforeText);
  const [unknown] = Object.keys(others);
  const faults = [
    limit === undefined && `limit must be an integer from 1 to ${MAX_PAGE_IDS}`,
    beforeText !== undefined && before === undefined && "before must be a positive integer",
    unknown !== undefined && `Unknown parameter: ${cutName(unknown)}`,
  ].filter((fault) => fault !== false);
  if (limit === undefined || faults.length > 0) throw new HttpError(400, faults.join("; "));
  return { limit, before };
};
