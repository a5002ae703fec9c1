import * as v from "valibot";
import type { DatabaseRequest } from "../dynamodb/database-call.ts";
import { getItem, getItems, MAX_BATCH_KEYS } from "../dynamodb/table-calls.ts";
import { pk } from "./item-keys.ts";
import { parseStoredSession } from "./stored-session.ts";
import { Id, type StudySession } from "./study-session.ts";

/**
 * A page reads at most this many ids, regardless of gaps. With the counter, a page costs at most one read unit more.
 */
export const MAX_PAGE_IDS = MAX_BATCH_KEYS;

export interface PageRequest {
  /** The page has at most this many sessions: from 1 to MAX_PAGE_IDS. */
  readonly limit: number;
  /** The page has only sessions with lower ids; if it is undefined, the page begins with the newest session. */
  readonly before: number | undefined;
}

export interface Page {
  /** The sessions, with the highest id first. */
  readonly sessions: readonly StudySession[];
  /** The items of this page that are not study sessions. The sessions don't include them, so the page is short. */
  readonly unreadable: readonly { readonly key: string; readonly error: unknown }[];
  /** The `before` of the next page; undefined at the end. */
  readonly nextBefore: number | undefined;
}

/** @returns 0 when the counter gave out no id yet: an import or a repair may have left the counter at 0 */
const readLastId = async (request: DatabaseRequest) => {
  const { last_id: lastId = 0 } = (await getItem(request, pk.counter)) ?? {};
  if (lastId === 0) return 0;
  const { success, output } = v.safeParse(Id, lastId);
  if (success) return output;
  throw new Error(`${pk.counter} has no id: ${lastId}`);
};

/** @returns the items that exist among `count` ids, downward from the highest one */
const readDownward = async (request: DatabaseRequest, highest: number, count: number) => {
  const ids = Array.from({ length: Math.min(count, highest) }, (_, index) => highest - index);
  const items = await getItems(request, ids.map(pk.studySession));
  return ids.map((id) => ({ id, item: items.get(pk.studySession(id)) })).filter(({ item }) => item);
};

interface FoundItem {
  readonly id: number;
  readonly item: unknown;
}

const parsePage = (found: readonly FoundItem[]): Pick<Page, "sessions" | "unreadable"> => {
  const sessions: StudySession[] = [];
  const unreadable: Page["unreadable"][number][] = [];
  for (const { id, item } of found) {
    try {
      sessions.push(parseStoredSession(id, item));
    } catch (error) {
      unreadable.push({ key: pk.studySession(id), error });
    }
  }
  return { sessions, unreadable };
};

/**
 * Reads downward from the counter: ids rise with time, so no index is needed. Where ids are missing, the next batch is
 * larger, up to the bound.
 */
export const readPage = async (request: DatabaseRequest, { limit, before }: PageRequest): Promise<Page> => {
  const lastId = await readLastId(request);
  const highest = Math.min(lastId, before === undefined ? lastId : before - 1);
  const lowest = Math.max(0, highest - MAX_PAGE_IDS);
  const found: FoundItem[] = [];
  let next = highest;
  for (let share = 1; found.length < limit && next > lowest; share *= 2) {
    const count = Math.min(share * (limit - found.length), next - lowest);
    found.push(...(await readDownward(request, next, count)));
    next -= count;
  }
  const nextBefore = (found[limit]?.id ?? next) + 1;
  return { ...parsePage(found.slice(0, limit)), nextBefore: nextBefore > 1 ? nextBefore : undefined };
};
