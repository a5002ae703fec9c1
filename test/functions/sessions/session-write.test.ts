import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable, startService } = useTable();

test.each([
  ["without a key", undefined],
  ["with a key", randomUUID()],
])("logs a taken id, on which an alarm rings, and creates the session %s under another", async (_, key) => {
  const { id } = JSON.parse((await startService().send(createRequest())).body);
  const Item = { pk: pk.counter, last_id: id - 1 };
  await getTable().client.send(new PutCommand({ TableName: getTable().tableName, Item }));
  const { send, log } = startService();
  const { status, headers, body } = await send(createRequest(key));
  expect({ status, id: JSON.parse(body).id }).toEqual({ status: 201, id: id + 1 });
  expect(headers).not.toHaveProperty("idempotent-replayed");
  expect(log).toMatchObject([
    { level: "ERROR", cause: expect.stringContaining(`study_session#${id} belongs to another request`) },
    { level: "INFO", status: 201, id: id + 1 },
  ]);
  expect(log[0]?.requestId).toBe(log[1]?.requestId);
});
