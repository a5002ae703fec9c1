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

test("a group and a study activity need only an id and a name", () => {
  const data = { groups: [{ id: 3, name: "Numbers" }], study_activities: [{ id: 6, name: "Dictation" }] };
  expect(parseReferenceData(data)).toEqual({
    groups: [{ id: 3, name: "Numbers", words_count: 0 }],
    study_activities: [{ id: 6, name: "Dictation", url: "", preview_url: "" }],
  });
});

describe("a fault is named by its row", () => {
  test.each<[string, unknown, string]>([
    ["no object", null, "must be an object with groups and study_activities"],
    ["no list", { groups: [GROUP] }, "study_activities: is missing"],
    ["a row that is none", { groups: [GROUP, 2], study_activities: [] }, "groups row 2: must be an object"],
    ["something else in place of a list", { groups: GROUP, study_activities: [] }, "groups: must be a list"],
    [
      "a member that is missing",
      { groups: [{ id: 1, words_count: 10 }], study_activities: [] },
      "groups row 1, name: is missing",
    ],
    [
      "a name that is empty, or no text",
      {
        groups: [
          { ...GROUP, name: "" },
          { ...GROUP, name: null },
        ],
        study_activities: [],
      },
      "groups row 1, name: must be a text that is not empty\n" +
        "groups row 2, name: must be a text that is not empty",
    ],
    [
      "an id that is text",
      { groups: [], study_activities: [ACTIVITY, { ...ACTIVITY, id: "3" }] },
      "study_activities row 2, id: must be a whole number from 1 to 9007199254740991",
    ],
    [
      "two faults",
      { groups: [{ ...GROUP, id: 0, words_count: -1.5 }], study_activities: [] },
      "groups row 1, id: must be a whole number from 1 to 9007199254740991\n" +
        "groups row 1, words_count: must be a whole number from 0 to 9007199254740991",
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
