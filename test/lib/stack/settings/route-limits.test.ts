import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { routeLimits } from "../../../../lib/stack/settings/route-limits.ts";
import { interceptCalls } from "../../../support/intercept-calls.ts";
import { createRequest } from "../../../support/requests.ts";
import { createSettings } from "../../../support/settings.ts";
import { useTable } from "../../../support/use-table.ts";

const { startService } = useTable();

/** Each call of a create is about one small item, and takes one unit. */
const unitsOf = (calls: readonly string[]) => {
  const readUnits = calls.filter((call) => call.startsWith("GetItem")).length;
  return { readUnits, writeUnits: calls.length - readUnits };
};

const { createStudySession: limit } = routeLimits(createSettings());

test("no create takes more units than its limit says, whether it is the first, a replay or the slower twin", async () => {
  const request = createRequest(randomUUID());
  const slower = startService();
  const faster = startService();
  interceptCalls(slower.client, async ({ call, forward }) => {
    if (call === "PutItem idempotency_key") await faster.send(request);
    return forward();
  });
  const replaying = startService();
  expect((await slower.send(request)).headers).toHaveProperty("idempotent-replayed");
  await replaying.send(request);
  const units = [faster, replaying, slower].map(({ calls }) => unitsOf(calls));
  expect(units).toEqual([
    { readUnits: 3, writeUnits: 3 },
    { readUnits: 4, writeUnits: 1 },
    { readUnits: 5, writeUnits: 3 },
  ]);
  expect(limit).toMatchObject({
    readUnits: Math.max(...units.map(({ readUnits }) => readUnits)),
    writeUnits: Math.max(...units.map(({ writeUnits }) => writeUnits)),
  });
});
