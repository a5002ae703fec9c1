import { expect, test } from "@jest/globals";
import { FUNCTION_TIMEOUT_SECONDS } from "../../../functions/http/deadline.ts";
import { verifyTable } from "../../../lib/verify/verify-table.ts";
import { VALID } from "../../support/events.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { putItem, putItems } from "../../support/stored-sessions.ts";
import { useTable } from "../../support/use-table.ts";

const { table } = useTable();

/** A file of its own, because the verification waits for seconds. */
test("gives a request all the time that a function has", async () => {
  const hash = "h".repeat(43);
  const session = { id: 7, ...VALID, created_at: "2026-01-02T03:04:05.678Z" };
  const expires_at = Math.ceil(Date.now() / 1000) + 3600;
  await putItems(table, [
    { pk: "counter#study_session", last_id: 9 },
    { pk: `idempotency_key#${hash}`, ...session, expires_at },
  ]);
  let reads = 0;
  interceptCalls(table.client, async ({ call, pk, forward }) => {
    if (call.startsWith("GetItem") && pk === "study_session#7" && ++reads === 1) {
      const writeSession = () => putItem(table, { pk, ...session, owner: hash });
      setTimeout(writeSession, FUNCTION_TIMEOUT_SECONDS * 500);
    }
    return forward();
  });
  const { client, tableName } = table;
  expect((await verifyTable({ client, tableName })).findings).toEqual([]);
  expect(reads).toBeGreaterThan(1);
});
