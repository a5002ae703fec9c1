import { expect, test } from "@jest/globals";
import { createStudySessionReader } from "../../../functions/sessions/study-session-reader.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable, startService } = useTable();

test("starts no call after its signal was aborted", async () => {
  const { client, calls } = startService();
  const reader = createStudySessionReader({ client, tableName: getTable().tableName });
  const signal = AbortSignal.abort();
  const page = reader.list({ limit: 20, before: undefined, signal });
  await expect(reader.read({ id: 1, signal })).rejects.toMatchObject({ statusCode: 503 });
  await expect(page).rejects.toMatchObject({ statusCode: 503 });
  expect(calls).toEqual([]);
});
