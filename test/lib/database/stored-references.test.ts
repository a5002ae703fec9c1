import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { readReferences } from "../../../lib/database/stored-references.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const { table } = useTableOfTest();

type Item = { readonly pk: string } & Readonly<Record<string, unknown>>;

const write = async (...items: readonly Item[]) => {
  const requests = items.map((item) => ({ PutRequest: { Item: item } }));
  await table.client.send(new BatchWriteCommand({ RequestItems: { [table.tableName]: requests } }));
};

test("lists groups and study activities by id, and nothing else of the table", async () => {
  await write(
    { pk: pk.group(10), id: 10, name: "Numbers", words_count: 0 },
    { pk: pk.group(9), id: 9, name: "Kanji", words_count: 100 },
    { pk: pk.studySession(1), id: 1, group_id: 1, study_activity_id: 2, name: "A session" },
    { pk: pk.idempotencyKey("x"), name: "A key" },
    { pk: pk.counter, last_id: 1, name: "The counter" },
  );
  expect(await readReferences(table.client, table.tableName)).toEqual({
    groups: [
      { id: 1, name: "Core Verbs" },
      { id: 2, name: "Core Adjectives" },
      { id: 9, name: "Kanji" },
      { id: 10, name: "Numbers" },
    ],
    study_activities: [
      { id: 1, name: "Typing Tutor" },
      { id: 2, name: "Flashcards" },
      { id: 3, name: "Sentence Constructor" },
      { id: 4, name: "Listening Comprehension" },
      { id: 5, name: "Adventure MUD" },
    ],
  });
});

test("lists a group that has no name", async () => {
  await write({ pk: pk.group(11) }, { pk: pk.group(12), name: 12 });
  const { groups } = await readReferences(table.client, table.tableName);
  expect(groups.slice(-2)).toEqual([
    { id: 11, name: "" },
    { id: 12, name: "" },
  ]);
});

test("reads every page of the table", async () => {
  const before = await readReferences(table.client, table.tableName);
  // A page ends after a megabyte.
  const notes = "x".repeat(300_000);
  await write(...[1, 2, 3, 4].map((id) => ({ pk: pk.studySession(id), notes })));
  expect(await readReferences(table.client, table.tableName)).toEqual(before);
});
