import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createHandler } from "../../../functions/create-handler.ts";
import { pk } from "../../../functions/item-keys.ts";
import type { LogEntry } from "../../../functions/request-log.ts";
import { createStudySessionStore } from "../../../functions/study-session-store.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { REFUSED_ID_TEXT } from "../../../lib/stack/session-alarms.ts";
import { createEvent } from "../../support/events.ts";
import { openTestTable } from "../../support/test-table.ts";

let table: Awaited<ReturnType<typeof openTestTable>>;

beforeAll(async () => {
  table = await openTestTable();
});

afterAll(() => table.close());

test("the alarm for refused ids counts what the function logs when one is refused", async () => {
  const log: LogEntry[] = [];
  const handler = createHandler({
    store: createStudySessionStore({ client: table.client, tableName: table.tableName }),
    allowedOrigins: ["*"],
    writeLog: (entry) => log.push(entry),
  });
  const stranger = { pk: pk.studySession(1), owner: "somebody else" };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: stranger }));

  const refused = await handler(createEvent(), createContext(6000));
  const created = await handler(createEvent(), createContext(6000));

  expect([refused.statusCode, created.statusCode]).toEqual([500, 201]);
  const lines = log.map((entry) => JSON.stringify(entry));
  expect(lines[0]).toContain(REFUSED_ID_TEXT);
  expect(lines[1]).not.toContain(REFUSED_ID_TEXT);
});
