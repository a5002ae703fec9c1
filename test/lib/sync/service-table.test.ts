import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import {
  findReferenceKeys,
  openServiceTable,
  readCounter,
  readSessions,
} from "../../../lib/sync/service-table.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { addSessions, putItem, sessionWithId, setCounter } from "../../support/stored-sessions.ts";
import { respondWithPart } from "../../support/unprocessed-keys.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const { table } = useTableOfTest();

const open = () => openServiceTable({ ...table, unitsPerSecond: Number.POSITIVE_INFINITY });

test("reads the sessions that are there, and again those that DynamoDB left out", async () => {
  const sessions = await addSessions(table, 4);
  let batches = 0;
  interceptCalls(table.client, (intercepted) => {
    if (!intercepted.call.startsWith("BatchGetItem")) return intercepted.forward();
    const isLeftOut = ++batches < 3;
    return respondWithPart(intercepted, (key) => isLeftOut && key === pk.studySession(2));
  });
  const read = await readSessions(open(), [1, 2, 3, 4, 5]);
  expect([...read.values()]).toEqual(sessions);
});

test("reads more slowly while the table has no capacity", async () => {
  await addSessions(table, 1);
  let throttled = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "BatchGetItemCommand" || throttled++ > 0) return next(args);
        throw new ProvisionedThroughputExceededException({ message: "", $metadata: {} });
      },
    { step: "initialize", name: "lacksCapacity" },
  );
  expect((await readSessions(open(), [1])).size).toBe(1);
});

test("reads a counter that is not there as 0, and says what is wrong with another one", async () => {
  expect(await readCounter(open(), true)).toEqual({ lastId: 0, imported: [] });
  await setCounter(table, "x");
  await expect(readCounter(open(), true)).rejects.toThrow(/^counter#study_session can't be read: /);
});

test("gives an error in place of what is no session", async () => {
  await putItem(table, { pk: pk.studySession(1), ...sessionWithId(7) });
  const read = await readSessions(open(), [1]);
  expect(String(read.get(1))).toBe("Error: study_session#1 can't be read: it holds the id 7");
});

test("finds the keys of groups and study activities among many sessions", async () => {
  await addSessions(table, 3);
  expect((await findReferenceKeys(open())).toSorted()).toEqual([
    "group#1",
    "group#2",
    ...[1, 2, 3, 4, 5].map(pk.studyActivity),
  ]);
});
