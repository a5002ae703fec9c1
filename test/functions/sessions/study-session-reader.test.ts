import { expect, test } from "@jest/globals";
import { createStudySessionReader } from "../../../functions/sessions/study-session-reader.ts";
import { sessionWithId, setCounter, storeSessions } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable, startService } = useTable();

const open = (tableName = getTable().tableName) => {
  const { client, calls } = startService();
  return { reader: createStudySessionReader({ client, tableName }), calls };
};

const { signal } = new AbortController();

test("reads one session in one call", async () => {
  await storeSessions(getTable(), [1]);
  const { reader, calls } = open();
  expect(await reader.read({ id: 1, signal })).toEqual(sessionWithId(1));
  expect(calls).toEqual(["GetItem study_session"]);
});

test("knows no session that is not there", async () => {
  await expect(open().reader.read({ id: 2, signal })).rejects.toMatchObject({
    statusCode: 404,
    message: "Study session not found",
  });
});

test("reads a page, and where the next one goes on", async () => {
  await storeSessions(getTable(), [3, 5]);
  await setCounter(getTable(), 5);
  const page = await open().reader.list({ limit: 1, before: undefined, signal });
  expect(page).toEqual({ sessions: [sessionWithId(5)], unreadable: [], nextBefore: 5 });
  const last = await open().reader.list({ limit: 3, before: page.nextBefore, signal });
  const sessions = [sessionWithId(3), sessionWithId(1)];
  expect(last).toEqual({ sessions, unreadable: [], nextBefore: undefined });
});

test("starts no call after its signal was aborted", async () => {
  const { reader, calls } = open();
  const aborted = AbortSignal.abort();
  const page = { limit: 20, before: undefined, signal: aborted };
  await expect(reader.read({ id: 1, signal: aborted })).rejects.toMatchObject({ statusCode: 503 });
  await expect(reader.list(page)).rejects.toMatchObject({ statusCode: 503 });
  expect(calls).toEqual([]);
});
