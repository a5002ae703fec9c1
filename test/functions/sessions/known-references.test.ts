import { expect, jest, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { createReferenceLookup } from "../../../functions/sessions/known-references.ts";
import { VALID } from "../../support/events.ts";
import { range } from "../../support/range.ts";
import { createRequest } from "../../support/requests.ts";
import { putItem, removeItem } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const NOW = Date.parse("2026-01-03T00:00:00.000Z");
const GROUP = "GetItem group";
const ACTIVITY = "GetItem study_activity";

const setClock = (seconds: number) => jest.spyOn(Date, "now").mockReturnValue(NOW + seconds * 1000);

const addGroup = (id: number) => putItem(table, { pk: pk.group(id), id, name: "Verbs" });

const deleteGroup = (id: number) => removeItem(table, pk.group(id));

/** Starts a service whose `create` returns the status, and the references that the service read. */
const startReadingService = (referenceCacheSeconds: number) => {
  const { send, calls, client } = startService({ referenceCacheSeconds });
  const create = async (members: Partial<Record<keyof typeof VALID, number>> = {}) => {
    calls.splice(0);
    const request = createRequest();
    const { status } = await send({ ...request, body: JSON.stringify({ ...VALID, ...members }) });
    return [status, ...calls.filter((call) => call === GROUP || call === ACTIVITY)];
  };
  return { create, client };
};

test("reads a group and a study activity once, and then only those that it does not know", async () => {
  const { create } = startReadingService(60);
  expect(await create()).toEqual([201, GROUP, ACTIVITY]);
  expect(await create()).toEqual([201]);
  expect(await create({ group_id: 2 })).toEqual([201, GROUP]);
  expect(await create({ study_activity_id: 1 })).toEqual([201, ACTIVITY]);
  expect(await create({ group_id: 2, study_activity_id: 1 })).toEqual([201]);
});

test("never caches a missing group, and sees a new one at once", async () => {
  const { create } = startReadingService(60);
  for (let turn = 1; turn <= 2; turn++) {
    expect(await create({ group_id: 4711 })).toEqual([404, GROUP, ...(turn === 1 ? [ACTIVITY] : [])]);
  }
  await addGroup(4711);
  expect(await create({ group_id: 4711 })).toEqual([201, GROUP]);
  expect(await create({ group_id: 4711 })).toEqual([201]);
});

test("accepts a deleted group until its seconds are over", async () => {
  await addGroup(4712);
  const { create } = startReadingService(60);
  setClock(0);
  expect(await create({ group_id: 4712 })).toEqual([201, GROUP, ACTIVITY]);
  await deleteGroup(4712);
  setClock(59.999);
  expect(await create({ group_id: 4712 })).toEqual([201]);
  setClock(60);
  expect(await create({ group_id: 4712 })).toEqual([404, GROUP, ACTIVITY]);
});

test("counts the seconds from the start of the read", async () => {
  const { create, client } = startReadingService(60);
  setClock(0);
  client.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    setClock(59);
    return result;
  });
  expect(await create()).toEqual([201, GROUP, ACTIVITY]);
  setClock(60);
  expect(await create()).toEqual([201, GROUP, ACTIVITY]);
});

test("reads again after the clock was put back", async () => {
  const { create } = startReadingService(60);
  setClock(0);
  await create();
  setClock(-0.001);
  expect(await create()).toEqual([201, GROUP, ACTIVITY]);
});

test("reads every time when the cache is disabled", async () => {
  const { create } = startReadingService(0);
  setClock(0);
  for (let turn = 1; turn <= 2; turn++) expect(await create()).toEqual([201, GROUP, ACTIVITY]);
});

test("caches a thousand references, and drops the oldest for one more", async () => {
  // So many reads would only take time: every key is found without a call.
  const { client } = startService();
  const send = jest.spyOn(client, "send").mockImplementation(async () => ({ Item: {} }));
  const database = { client, tableName: "", signal: new AbortController().signal, failure: "" };
  const hasReference = createReferenceLookup(60);
  const countReads = async (looked: readonly number[]) => {
    send.mockClear();
    for (const id of looked) expect(await hasReference(database, pk.group(id))).toBe(true);
    return send.mock.calls.length;
  };
  const [first = 0, oldest = 0, ...others] = range(10_000, 11_000);
  const last = others.pop() ?? 0;
  setClock(0);
  expect(await countReads([first])).toBe(1);
  setClock(30);
  expect(await countReads([oldest, ...others])).toBe(999);
  setClock(60);
  expect(await countReads([first])).toBe(1);
  expect(await countReads([first, oldest, ...others])).toBe(0);
  expect(await countReads([last])).toBe(1);
  expect(await countReads([first, ...others, last])).toBe(0);
  expect(await countReads([oldest])).toBe(1);
});
