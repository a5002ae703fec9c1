import { randomUUID } from "node:crypto";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { addReferenceData, connectToEngine, createTableIfMissing } from "../../lib/database/local-table.ts";

export interface TestTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly client: DynamoDBDocumentClient;
}

/** Finds the engine that AWS_ENDPOINT_URL_DYNAMODB names, or the engine of a run of jest, or else starts one. */
export const openTestEngine = async () => {
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.TEST_ENGINE_URL;
  return endpoint ? { endpoint, close: async () => {} } : startEmbeddedDatabase();
};

/** Opens a new table with the reference data, in the engine of the caller or of the tests. */
export const openTestTable = async (endpoint?: string) => {
  const engine = endpoint ? { endpoint, close: async () => {} } : await openTestEngine();
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

/** @returns the item as it is stored, or undefined when there is none */
export const readItem = async (
  { client, tableName }: Pick<TestTable, "client" | "tableName">,
  pk: string,
) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true });
  return (await client.send(command)).Item;
};
