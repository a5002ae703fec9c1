import { randomUUID } from "node:crypto";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { connectToEngine, createTableIfMissing } from "../../lib/database/local-table.ts";
import referenceData from "../../lib/database/reference-data.json" with { type: "json" };
import { toItems } from "../../lib/database/reference-data.ts";

/** A table in an engine, which a service reaches by its request handler, or else by HTTP. */
export interface TestTable {
  readonly endpoint: string;
  readonly requestHandler?: EmbeddedDatabase["requestHandler"] | undefined;
  readonly tableName: string;
  readonly client: DynamoDBDocumentClient;
}

type TestEngine = Pick<TestTable, "endpoint" | "requestHandler"> & { readonly close: () => Promise<void> };

/** Finds the engine that AWS_ENDPOINT_URL_DYNAMODB names, or the engine of a run of jest, or else starts one. */
export const openTestEngine = async (): Promise<TestEngine> => {
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.TEST_ENGINE_URL;
  return endpoint ? { endpoint, close: async () => {} } : startEmbeddedDatabase();
};

/** Starts an engine in this process, unless AWS_ENDPOINT_URL_DYNAMODB names one. */
export const openOwnEngine = async (): Promise<TestEngine> =>
  process.env.AWS_ENDPOINT_URL_DYNAMODB ? openTestEngine() : startEmbeddedDatabase();

/** Stores the items that `addReferenceData` adds, in one call. */
const storeReferenceData = (client: DynamoDBDocumentClient, tableName: string) => {
  const requests = toItems(referenceData).map((Item) => ({ PutRequest: { Item } }));
  return client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
};

/** Opens a new table with the reference data, in the engine of the caller or of the tests. */
export const openTestTable = async (engineOfCaller?: Pick<TestEngine, "endpoint" | "requestHandler">) => {
  const engine = engineOfCaller ? { ...engineOfCaller, close: async () => {} } : await openTestEngine();
  const client = connectToEngine(engine.endpoint, engine.requestHandler);
  const documents = DynamoDBDocumentClient.from(client);
  const tableName = `StudySessions-${randomUUID()}`;
  await createTableIfMissing(client, tableName);
  await storeReferenceData(documents, tableName);
  return {
    endpoint: engine.endpoint,
    requestHandler: engine.requestHandler,
    tableName,
    client: documents,
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
      await engine.close();
    },
  };
};

/** Makes a client of its own for the table, with the time limits of production if it uses HTTP. */
export const connectToTable = ({ endpoint, requestHandler }: Omit<TestTable, "client" | "tableName">) => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return DynamoDBDocumentClient.from(
    requestHandler
      ? // A copy, because `interceptCalls` changes the request handler of its client.
        connectToEngine(endpoint, { ...requestHandler })
      : createDynamoDbClient({ endpoint, region: "us-east-1", credentials }),
  );
};

/** @returns the item as it is stored, or undefined when there is none */
export const readItem = async (
  { client, tableName }: Pick<TestTable, "client" | "tableName">,
  pk: string,
) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true });
  return (await client.send(command)).Item;
};
