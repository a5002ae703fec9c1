import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { isStored } from "../../../functions/sessions/session-write.ts";
import { createRequest } from "../../support/requests.ts";
import { putItem, sessionWithId, setCounter } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const createOne = async (): Promise<number> =>
  JSON.parse((await startService().send(createRequest())).body).id;

/** Makes the expected entry of a refused id. A metric filter counts the entries with the member `refusedId`. */
const refusedIdEntry = (id: number) => ({
  level: "ERROR",
  refusedId: id,
  cause: expect.stringContaining(`study_session#${id} belongs to another request`),
});

describe.each([
  ["without a key", undefined],
  ["with a key", randomUUID()],
])("a create %s", (_, key) => {
  test("logs a taken id, and creates the session under another id", async () => {
    const id = await createOne();
    await setCounter(table, id - 1);
    const { send, log } = startService();
    const { status, headers, body } = await send(createRequest(key));
    expect({ status, id: JSON.parse(body).id }).toEqual({ status: 201, id: id + 1 });
    expect(headers).not.toHaveProperty("idempotent-replayed");
    expect(log).toMatchObject([refusedIdEntry(id), { level: "INFO", status: 201, id: id + 1 }]);
    expect(log[0]?.requestId).toBe(log[1]?.requestId);
  });

  test("logs each of three taken ids once, apart from the 500", async () => {
    const id = await createOne();
    for (let more = 1; more < 3; more++) await createOne();
    await setCounter(table, id - 1);
    const { send, log } = startService();
    expect(await send(createRequest(key && `${key}-500`))).toMatchObject({ status: 500 });
    const failure = {
      level: "ERROR",
      status: 500,
      cause: expect.stringContaining(`study_session#${id + 2}`),
    };
    expect(log).toMatchObject([refusedIdEntry(id), refusedIdEntry(id + 1), refusedIdEntry(id + 2), failure]);
    expect(log.map(({ refusedId }) => refusedId)).toEqual([id, id + 1, id + 2, undefined]);
  });
});

test("takes an item for the session only when the owner and the time are the same", async () => {
  const session = sessionWithId(4711);
  await putItem(table, { pk: pk.studySession(session.id), ...session, owner: "ours" });
  const database = { ...table, signal: new AbortController().signal, failure: "" };
  expect(await isStored(database, session, "ours")).toBe(true);
  expect(await isStored(database, session, "another's")).toBe(false);
  const later = { ...session, created_at: "2025-02-20T12:00:00.001Z" };
  expect(await isStored(database, later, "ours")).toBe(false);
});
