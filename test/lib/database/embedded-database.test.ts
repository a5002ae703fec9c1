import { ConditionalCheckFailedException, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../../lib/database/embedded-database.ts";
import { connectToEngine, createTableIfMissing } from "../../../lib/database/local-table.ts";

let engine: EmbeddedDatabase;

beforeAll(async () => {
  engine = await startEmbeddedDatabase();
});

afterAll(() => engine.close());

describe.each(["over HTTP", "without HTTP"])("%s", (way) => {
  const TableName = `Sessions-${way.length}`;
  let client: DynamoDBDocumentClient;

  beforeAll(async () => {
    const connection = connectToEngine(
      engine.endpoint,
      way === "over HTTP" ? undefined : engine.requestHandler,
    );
    await createTableIfMissing(connection, TableName);
    client = DynamoDBDocumentClient.from(connection);
  });

  afterAll(() => client.destroy());

  const put = (Item: { readonly pk: string }) =>
    client.send(new PutCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }));

  test("returns what was put, whatever its letters and size", async () => {
    const item = { pk: "group#1", name: "Zürich 東京 🎌", text: "ü".repeat(100_000) };
    await put(item);
    const command = new GetCommand({ TableName, Key: { pk: item.pk }, ConsistentRead: true });
    expect((await client.send(command)).Item).toEqual(item);
  });

  test("sends nothing once its signal was aborted", async () => {
    const command = new PutCommand({ TableName, Item: { pk: "group#3" } });
    const sent = client.send(command, { abortSignal: AbortSignal.abort() });
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
    const read = new GetCommand({ TableName, Key: { pk: "group#3" }, ConsistentRead: true });
    expect((await client.send(read)).Item).toBeUndefined();
  });

  test("answers a failure as the SDK knows it", async () => {
    await put({ pk: "group#2" });
    await expect(put({ pk: "group#2" })).rejects.toThrow(ConditionalCheckFailedException);
    const elsewhere = new GetCommand({ TableName: "Elsewhere", Key: { pk: "group#1" } });
    await expect(client.send(elsewhere)).rejects.toThrow(ResourceNotFoundException);
  });
});
