import { expect, test } from "@jest/globals";
import { createSessionStore } from "../../../../lib/import/portal/session-store.ts";

const createSession = (id: number, group_id = 1) => ({
  id,
  group_id,
  study_activity_id: 2 ** 53 - 1,
  created_at: "2025-02-20T12:00:00.000Z",
});

test("keeps sessions, sorted by id, as often as they are read", () => {
  const store = createSessionStore();
  const sessions = [9, 2, 2 ** 52, 10].map((id) => createSession(id));
  expect(sessions.map(store.add)).toEqual([true, true, true, true]);
  const expected = sessions.toSorted((one, other) => one.id - other.id);
  expect([...store.read()]).toEqual(expected);
  expect([...store.read()]).toEqual(expected);
  expect(store.count()).toBe(4);
  store.close();
});

test("keeps the first of two sessions with one id", () => {
  const store = createSessionStore();
  expect([1, 2].map((group_id) => store.add(createSession(5, group_id)))).toEqual([true, false]);
  expect([...store.read()]).toEqual([createSession(5, 1)]);
  expect(store.count()).toBe(1);
  store.close();
});
