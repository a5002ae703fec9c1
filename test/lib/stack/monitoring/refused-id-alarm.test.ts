import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createStudySession } from "../../../../functions/handlers/create-study-session.ts";
import type { LogEntry } from "../../../../functions/http/request-log.ts";
import { pk } from "../../../../functions/sessions/item-keys.ts";
import { createStudySessionStore } from "../../../../functions/sessions/study-session-store.ts";
import { createContext } from "../../../../lib/local/gateway-event.ts";
import { REFUSED_ID_TEXT } from "../../../../lib/stack/monitoring/refused-id-text.ts";
import { createEvent } from "../../../support/events.ts";
import { openTestTable } from "../../../support/test-table.ts";

let table: Awaited<ReturnType<typeof openTestTable>>;

beforeAll(async () => {
  table = await openTestTable();
});

afterAll(() => table.close());

test("the alarm for refused ids counts what the function logs when one is refused", async () => {
  const log: LogEntry[] = [];
  const handler = createStudySession({
    store: createStudySessionStore({ client: table.client, tableName: table.tableName }),
    allowedOrigins: ["*"],
    writeLog: (entry) => log.push(entry),
  });
  const stranger = { pk: pk.studySession(1), owner: "somebody else" };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: stranger }));

  const context = createContext(6000);
  const { statusCode } = await handler(createEvent(), context);

  expect(statusCode).toBe(201);
  expect(log).toMatchObject([
    {
      timestamp: expect.stringMatching(/Z$/),
      level: "ERROR",
      requestId: context.awsRequestId,
      cause: expect.stringContaining(REFUSED_ID_TEXT),
    },
    { level: "INFO", requestId: context.awsRequestId, status: 201, id: 2 },
  ]);
  expect(JSON.stringify(log[1])).not.toContain(REFUSED_ID_TEXT);
});
