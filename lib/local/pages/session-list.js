import { readSessions } from "./service.js";
import { createSessionTable } from "./session-table.js";

const PAGE_SIZE = 20;
const NEWEST = `/api/study-sessions?limit=${PAGE_SIZE}`;
/** A page that is left open must not grow without end. */
const MAX_ROWS = 1000;
/** The service does not print requests with this header: nobody made them. */
const POLL = { "X-Poll": "true" };

const olderButton = document.querySelector("#older");
const empty = document.querySelector("#empty");
const news = document.querySelector("#news");

const count = (number, kind) => `${number} ${kind} ${number === 1 ? "session" : "sessions"}`;

/** Creates the list of the newest sessions, and on demand of those before them. */
export const createSessionList = (references) => {
  const table = createSessionTable(references);
  /** Leads to the sessions that are older than those shown. */
  let older = null;
  let isFirstLook = true;

  const setOlder = (next) => {
    older = next;
    olderButton.hidden = next === null;
  };

  /** Prepares for sessions of which none is shown: too many came at once, or the service has another table now. */
  const startOver = ({ sessions, next }) => {
    // Ids that are reserved but not used yet can hide what is there.
    const isHidden = sessions.length === 0 && next !== null;
    if (isHidden && !isFirstLook) return;
    table.clear();
    setOlder(next);
  };

  const announce = (rows) => {
    table.markAsNew(rows);
    news.textContent = count(rows.length, "new");
    if (table.count() > MAX_ROWS) setOlder(`${NEWEST}&before=${table.keepNewest(MAX_ROWS)}`);
  };

  /** @returns the sessions that were not shown before */
  const showNewest = async () => {
    const isEnough = (sessions) => sessions.length >= PAGE_SIZE || sessions.some(table.has);
    const page = await readSessions(NEWEST, { isEnough, headers: POLL });
    if (!page.sessions.some(table.has)) startOver(page);
    const added = page.sessions.filter((session) => !table.has(session));
    const rows = table.add(added);
    if (rows.length > 0 && !isFirstLook) announce(rows);
    empty.hidden = page.sessions.length > 0 || page.next !== null;
    isFirstLook = false;
    return added;
  };

  /** @returns the sessions that were not shown before */
  const showOlder = async () => {
    const isEnough = (sessions) => sessions.length >= PAGE_SIZE;
    const { sessions, next } = await readSessions(older, { isEnough });
    const [firstRow] = table.add(sessions);
    news.textContent = count(sessions.length, "older");
    const hadFocus = document.activeElement === olderButton;
    setOlder(next);
    // The button is gone after the last page, and the focus must not be lost with it.
    if (hadFocus && next === null) firstRow?.querySelector("a").focus();
    return sessions;
  };

  return { showNames: table.showNames, showNewest, showOlder };
};
