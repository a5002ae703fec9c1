import { randomUUID } from "node:crypto";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { addReferenceData, connectToEngine, createTableIfMissing } from "../../lib/database/local-table.ts";

/**
 * A table of its own with the reference data: in the engine that AWS_ENDPOINT_URL_DYNAMODB or the caller names, in the
 * engine of a run of jest, or else in an embedded engine of its own.
 */
export const openTestTable = async (
  endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.TEST_ENGINE_URL,
) => {
  const engine = endpoint ? { endpoint, close: async () => {} } : await startEmbeddedDatabase();
  const client = connectToEngine(engine.endpoint);
  const tableName = `StudySessions-${randomUUID()}`;
  await createTableIfMissing(client, tableName);
  await addReferenceData(client, tableName);
  return {
    endpoint: engine.endpoint,
    tableName,
    client: DynamoDBDocumentClient.from(client),
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
      await engine.close();
    },
  };
};

export type TestTable = Awaited<ReturnType<typeof openTestTable>>;

/** @returns the item as it is stored, or undefined when there is none */
export const readItem = async (
  { client, tableName }: Pick<TestTable, "client" | "tableName">,
  pk: string,
) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true });
  return (await client.send(command)).Item;
};
