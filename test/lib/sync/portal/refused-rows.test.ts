import { expect, test } from "@jest/globals";
import { createRefusedRows } from "../../../../lib/sync/portal/refused-rows.ts";

test("knows the ids of the refused rows of each table", () => {
  const { add, idsOf, toLines } = createRefusedRows();
  const reason = "name is missing";
  add({ table: "groups", id: 1, reason });
  add({ table: "groups", id: "x", reason });
  add({ table: "study_activities", id: 2, reason });
  expect([idsOf("groups"), idsOf("study_activities"), idsOf("words")]).toEqual([[1], [2], []]);
  expect(toLines()).toHaveLength(2);
});
