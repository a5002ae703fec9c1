import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { parseStoredSession } from "../../../functions/sessions/stored-session.ts";
import { listRequest, readRequest } from "../../support/page-walk.ts";
import { putItem, sessionWithId, setCounter, storeSessions } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

beforeAll(async () => {
  await storeSessions(table, [3, 4, 5, 6, 7, 50, 55]);
  await setCounter(table, 60);
});

const { group_id: _, ...withoutGroup } = sessionWithId(5);
const { created_at: __, ...withoutTime } = sessionWithId(5);

const CORRUPT: readonly [string, Readonly<Record<string, unknown>>][] = [
  ["nothing but its key", {}],
  ["no group_id", withoutGroup],
  ["no created_at", withoutTime],
  ["no id", { ...sessionWithId(5), id: undefined }],
  ["the id of another session", sessionWithId(55)],
  ["its id as text", { ...sessionWithId(5), id: "5" }],
  ["a group_id of null", { ...sessionWithId(5), group_id: null }],
  ["a fraction", { ...sessionWithId(5), study_activity_id: 1.5 }],
  ["0", { ...sessionWithId(5), study_activity_id: 0 }],
  ["a number beyond 2^53-1", { ...sessionWithId(5), group_id: 2n ** 53n }],
  ["a list", { ...sessionWithId(5), group_id: [1] }],
  ["a time without a zone", { ...sessionWithId(5), created_at: "2025-02-20 12:00:00" }],
  ["an empty time", { ...sessionWithId(5), created_at: "" }],
  ["a time as number", { ...sessionWithId(5), created_at: 1_740_052_800 }],
];

const CAUSE = expect.stringContaining("study_session#5 is not a study session: ");

/** Reads a page that has the ids 5 and `ids`, of which 5 can't be read. */
const expectPage = async (query: string, ids: readonly number[], next: string | null) => {
  const { send, log } = startService();
  const { status, body } = await send(listRequest(query));
  const page = { study_sessions: ids.map(sessionWithId), next };
  expect({ status, body }).toEqual({ status: 200, body: JSON.stringify(page) });
  expect(log).toMatchObject([
    { level: "ERROR", unreadableKey: "study_session#5", cause: CAUSE },
    { level: "INFO", status: 200, study_sessions: ids.length, next },
  ]);
  expect(log[0]?.requestId).toBe(log[1]?.requestId);
};

describe.each(CORRUPT)("an item that holds %s", (_, item) => {
  const attributes = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));

  beforeEach(() => putItem(table, { pk: pk.studySession(5), ...attributes }));

  test("gets 500 where it is read by its id, and a log entry that names its key", async () => {
    const { send, log } = startService();
    const { status, body } = await send(readRequest(5));
    expect({ status, body }).toEqual({ status: 500, body: '{"error":"Internal server error"}' });
    expect(log).toMatchObject([
      { level: "ERROR", status: 500, error: "Internal server error", cause: CAUSE },
    ]);
  });

  test("is left out of a page, with a log entry that names its key", () =>
    expectPage("?before=8", [7, 6, 4, 3], null));
});

test.each([
  ["?before=6&limit=1", [], "/api/study-sessions?limit=1&before=5"],
  ["?limit=100", [55, 50, 7, 6, 4, 3], null],
])("an unreadable item is left out of the page %s", async (query, ids, next) => {
  await putItem(table, { pk: pk.studySession(5) });
  await expectPage(query, ids, next);
});

test("a page does not log the unreadable item of another page", async () => {
  await putItem(table, { pk: pk.studySession(5) });
  const { send, log } = startService();
  for (const query of ["?limit=4", "?before=5"]) {
    expect(await send(listRequest(query))).toMatchObject({ status: 200 });
  }
  expect(log.map(({ level }) => level)).toEqual(["INFO", "INFO"]);
});

test("says what is wrong with the item", () => {
  const parse = (item: unknown) => () => parseStoredSession(5, item);
  expect(parse(sessionWithId(55))).toThrow("study_session#5 is not a study session: it holds the id 55");
  expect(parse({ ...sessionWithId(5), group_id: "1" })).toThrow(/^study_session#5 is not .*group_id/s);
});

test.each(["2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z"])("takes the time %s", (created_at) => {
  expect(parseStoredSession(5, { ...sessionWithId(5), created_at })).toMatchObject({ created_at });
});

test("shows only the four members, in the order of the contract", () => {
  const { id, ...others } = sessionWithId(5);
  const item = { pk: "study_session#5", owner: "secret", ...others, more: 1, id };
  expect(JSON.stringify(parseStoredSession(5, item))).toBe(JSON.stringify(sessionWithId(5)));
});
