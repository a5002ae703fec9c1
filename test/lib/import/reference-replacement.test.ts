import { expect, test } from "@jest/globals";
import { checkReplacement, findObsoleteReferences } from "../../../lib/import/reference-replacement.ts";
import { putItem } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const GROUP = { id: 1, name: "Core Verbs", words_count: 20 };
const ACTIVITY = { id: 2, name: "Flashcards", url: "", preview_url: "" };

const { table } = useTable();

test("finds the groups and study activities that the data does not have, whatever their keys", async () => {
  for (const pk of ["group#10", "group#x", "study_session#3", "counter#study_session"]) {
    await putItem(table, { pk });
  }
  const data = { groups: [GROUP], study_activities: [ACTIVITY] };
  const { client, tableName } = table;
  expect(await findObsoleteReferences({ client, tableName, data })).toEqual([
    { pk: "group#2", name: "Core Adjectives" },
    { pk: "group#10", name: "" },
    { pk: "group#x", name: "" },
    { pk: "study_activity#1", name: "Typing Tutor" },
    { pk: "study_activity#3", name: "Sentence Constructor" },
    { pk: "study_activity#4", name: "Listening Comprehension" },
    { pk: "study_activity#5", name: "Adventure MUD" },
  ]);
});

test.each([
  [
    "without a group",
    { groups: [], study_activities: [ACTIVITY], refusedReferences: 0 },
    "--replace needs at least one group and one study activity: the file has no group",
  ],
  [
    "without a study activity",
    { groups: [GROUP], study_activities: [], refusedReferences: 0 },
    "--replace needs at least one group and one study activity: the file has no study activity",
  ],
  [
    "with a group that can't be taken",
    { groups: [GROUP], study_activities: [ACTIVITY], refusedReferences: 1 },
    "--replace needs every group and study activity of the file: 1 of them is refused, as --dry-run shows",
  ],
])("refuses data %s", (_, data, message) => {
  expect(() => checkReplacement(data)).toThrow(message);
});

test("takes data with a group and a study activity", () => {
  const data = { groups: [GROUP], study_activities: [ACTIVITY], refusedReferences: 0 };
  expect(checkReplacement(data)).toBeUndefined();
});
