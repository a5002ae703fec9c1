import { describe, expect, test } from "@jest/globals";
import referenceData from "../../../lib/database/reference-data.json" with { type: "json" };
import { parseReferenceData, toItems } from "../../../lib/database/reference-data.ts";

const GROUP = { id: 1, name: "Core Verbs", words_count: 20 };
const ACTIVITY = { id: 2, name: "Flashcards", url: "http://localhost:8081", preview_url: "/flashcards.png" };

test("the data that comes with the project is as it should be", () => {
  expect(parseReferenceData(referenceData)).toEqual(referenceData);
});

test("groups and study activities become items with their keys", () => {
  expect(toItems({ groups: [GROUP], study_activities: [ACTIVITY] })).toEqual([
    { pk: "group#1", ...GROUP },
    { pk: "study_activity#2", ...ACTIVITY },
  ]);
});

test("members that the service does not know are left out", () => {
  const data = { groups: [{ ...GROUP, color: "red" }], study_activities: [], words: [] };
  expect(parseReferenceData(data)).toEqual({ groups: [GROUP], study_activities: [] });
});

describe("a fault is named by its row", () => {
  test.each<[string, unknown, string]>([
    ["no object", null, "Invalid type: Expected Object but received null"],
    [
      "no list",
      { groups: [GROUP] },
      'study_activities: Invalid key: Expected "study_activities" but received undefined',
    ],
    [
      "a row that is none",
      { groups: [GROUP, 2], study_activities: [] },
      "groups row 2: Invalid type: Expected Object but received 2",
    ],
    [
      "an id that is text",
      { groups: [], study_activities: [ACTIVITY, { ...ACTIVITY, id: "3" }] },
      'study_activities row 2, id: Invalid type: Expected number but received "3"',
    ],
    [
      "two faults",
      { groups: [{ ...GROUP, id: 0, words_count: -1 }], study_activities: [] },
      "groups row 1, id: Invalid value: Expected >=1 but received 0\n" +
        "groups row 1, words_count: Invalid value: Expected >=0 but received -1",
    ],
    [
      "an id twice",
      { groups: [GROUP, { ...GROUP, id: 2 }, GROUP], study_activities: [] },
      "groups row 3, id: 1 is in row 1 already",
    ],
  ])("%s", (_, data, message) => {
    expect(() => parseReferenceData(data)).toThrow(expect.objectContaining({ message }));
  });
});
