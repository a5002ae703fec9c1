import { expect, test } from "@jest/globals";
import { createRowSummary, printName } from "../../../../lib/import/portal/row-summary.ts";

test("sums up the rows of each reason, with examples", () => {
  const summary = createRowSummary();
  const table = "study_sessions";
  for (let id = 1; id <= 235; id++) summary.add({ table, id, reason: "group_id is missing" });
  summary.add({ table, id: 7, reason: "created_at is not a date and time", details: '"soon"' });
  summary.add({ table: "groups", id: 7, reason: "group_id is missing" });
  expect(summary.count()).toBe(237);
  expect(summary.toLines()).toEqual([
    "study_sessions, 235 rows: group_id is missing (id 1, id 2, id 3, …)",
    'study_sessions, 1 row: created_at is not a date and time (id 7: "soon")',
    "groups, 1 row: group_id is missing (id 7)",
  ]);
});

test("has nothing to say of no rows", () => {
  const summary = createRowSummary();
  expect(summary.count()).toBe(0);
  expect(summary.toLines()).toEqual([]);
});

test("prints only what can be printed, and not too much of it", () => {
  const summary = createRowSummary();
  summary.add({ table: "a\u001b[2J", id: `\u001b[31m${"x".repeat(100)}`, reason: "is odd" });
  summary.add({ table: "a\u001b[2J", id: new Uint8Array(3), reason: "is odd" });
  expect(summary.toLines()).toEqual([
    `"a\\u001b[2J", 2 rows: is odd (id "\\u001b[31m${"x".repeat(55)}…", id a blob)`,
  ]);
  expect(["study_sessions", "Übungen 1", "a b", 'a"b'].map(printName)).toEqual([
    "study_sessions",
    "Übungen 1",
    "a b",
    '"a"b"',
  ]);
});
