import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { reserveIds } from "../../../lib/import/id-reservation.ts";
import { writeSessions } from "../../../lib/import/session-writer.ts";
import { walkPages } from "../../support/page-walk.ts";
import { createRequest } from "../../support/requests.ts";
import { clearSessions, sessionWithId } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const ignore = () => {};

test("all pages together have imported and created sessions once, the newest first", async () => {
  const { send } = startService();
  const { client, tableName } = table;
  const importedIds = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 20 });
  const limits = fc.integer({ min: 1, max: 30 });
  const property = fc.asyncProperty(importedIds, fc.nat(5), limits, async (ids, created, limit) => {
    const createSome = () => Promise.all(Array.from({ length: created }, () => send(createRequest())));
    const earlier = await createSome();
    const sessions = ids.map((id) => sessionWithId(id + created));
    const highestId = Math.max(0, ...sessions.map(({ id }) => id));
    const reservedIds = await reserveIds({ client, tableName, highestId });
    await writeSessions({
      client,
      tableName,
      sessions,
      reservedIds,
      onRefused: ignore,
      onProgress: ignore,
    });
    const stored = [...earlier, ...(await createSome())].map(({ body }) => JSON.parse(body));
    expect(await walkPages({ send, query: `?limit=${limit}` })).toEqual(
      [...stored, ...sessions].toSorted((a, b) => b.id - a.id),
    );
  });
  await fc.assert(
    property.beforeEach(() => clearSessions(table)),
    { numRuns: 6 },
  );
});
