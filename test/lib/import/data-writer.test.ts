import { expect, test } from "@jest/globals";
import { type RefusedRow, writeData } from "../../../lib/import/data-writer.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { sessionWithId } from "../../support/stored-sessions.ts";
import { readItem } from "../../support/test-table.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const GROUP = { id: 7, name: "Numbers", words_count: 10 };
const ACTIVITY = { id: 8, name: "Dictation", url: "", preview_url: "" };
const SESSIONS = [sessionWithId(3), sessionWithId(4)];

const { table } = useTableOfTest();

const write = async (data: object = {}, obsoleteKeys: readonly string[] = []) => {
  const refused: RefusedRow[] = [];
  const progress: string[] = [];
  const counts = await writeData({
    client: table.client,
    tableName: table.tableName,
    data: {
      groups: [GROUP],
      study_activities: [ACTIVITY],
      highestSessionId: 4,
      sessionCount: 2,
      readSessions: () => SESSIONS,
      ...data,
    },
    obsoleteKeys,
    onRefused: (row) => refused.push(row),
    startProgress: (total, what) => (done) => progress.push(`${done} of ${total} ${what}`),
  });
  return { counts, refused, progress };
};

test("writes everything, and counts what was there before", async () => {
  const counts = { groups: 1, study_activities: 1, study_sessions: 2 };
  const progress = ["2 of 2 groups and study activities", "1 of 2 study sessions", "2 of 2 study sessions"];
  expect(await write()).toEqual({ counts: { ...counts, repeated: 0 }, refused: [], progress });
  expect(await write()).toEqual({ counts: { ...counts, repeated: 2 }, refused: [], progress });
  expect(await readItem(table, "group#7")).toEqual({ pk: "group#7", ...GROUP });
  expect(await readItem(table, "study_activity#8")).toEqual({ pk: "study_activity#8", ...ACTIVITY });
  expect(await readItem(table, "study_session#4")).toMatchObject(sessionWithId(4));
});

test("begins with the counter, even when there is no session", async () => {
  const calls: string[] = [];
  interceptCalls(table.client, ({ call, forward }) => {
    calls.push(call);
    return forward();
  });
  await write({ highestSessionId: 0, readSessions: () => [] });
  expect(calls).toEqual(["GetItem counter", "UpdateItem counter", "BatchWriteItem "]);
  expect(await readItem(table, "counter#study_session")).toMatchObject({ last_id: 0 });
});

test("writes the rest when DynamoDB refuses a row", async () => {
  const large = { ...GROUP, id: 9, name: "x".repeat(500_000) };
  expect(await write({ groups: [large, GROUP] })).toMatchObject({
    counts: { groups: 1, study_activities: 1, study_sessions: 2 },
    refused: [
      { table: "groups", id: 9, reason: "Item size has exceeded the maximum allowed size", details: "" },
    ],
  });
  expect(await write({ readSessions: () => [{ ...sessionWithId(4), group_id: 2 }] })).toMatchObject({
    counts: { study_sessions: 0 },
    refused: [
      {
        table: "study_sessions",
        id: 4,
        reason: "differs from what is stored here",
        details: "group_id is 2, here 1",
      },
    ],
  });
});

test("deletes what is obsolete, and no session", async () => {
  await write();
  expect(await write({ readSessions: () => [] }, ["group#1", "group#2"])).toMatchObject({
    progress: ["2 of 4 groups and study activities", "4 of 4 groups and study activities"],
  });
  expect(await readItem(table, "group#1")).toBeUndefined();
  expect(await readItem(table, "group#7")).toBeDefined();
  expect(await readItem(table, "study_session#3")).toBeDefined();
});
