import { ConditionalCheckFailedException, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type EmbeddedDatabase,
  openEmbeddedDatabase,
  startEmbeddedDatabase,
} from "../../../../lib/database/engine/embedded-engine.ts";
import { connectToEngine, createTableIfMissing } from "../../../../lib/database/local-table.ts";
import { storeBrokenTable } from "../../../support/broken-table.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { sendOverHttp } from "../../../support/send.ts";

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

describe("web pages", () => {
  const origin = "http://evil.example";

  test.each([
    ["POST", { origin, "x-amz-target": "DynamoDB_20120810.ListTables" }],
    ["OPTIONS", { origin, "access-control-request-method": "POST" }],
    ["GET", { origin: "null" }],
  ])("get no answer to %s, whatever they send", async (method, headers) => {
    const answer = await sendOverHttp(engine.endpoint)({ method, path: "/", headers, body: "{}" });
    expect(answer).toMatchObject({
      status: 403,
      body: expect.stringContaining("The database serves no web pages"),
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("are all that is refused", async () => {
    const { status, body } = await sendOverHttp(engine.endpoint)({ method: "GET", path: "/", headers: {} });
    expect({ status, body }).toEqual({ status: 200, body: "healthy: dynamodb.us-east-1.amazonaws.com " });
  });
});

test("ends even when a client never finishes a request", async () => {
  const other = await startEmbeddedDatabase();
  const half = new AbortController();
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
  const sent = fetch(other.endpoint, { method: "POST", body, duplex: "half", signal: half.signal });
  const outcome = sent.catch((error: Error) => error.name);
  await sendOverHttp(other.endpoint)({ method: "GET", path: "/", headers: {} });
  await other.close();
  expect(await outcome).toBe("TypeError");
});

test("says once why it ended, and rejects what was under way", async () => {
  const dataDir = createFolder();
  await storeBrokenTable(dataDir, "Broken");
  const reasons: Error[] = [];
  const database = await openEmbeddedDatabase({ dataDir, onEnd: (reason) => reasons.push(reason) });
  const client = DynamoDBDocumentClient.from(connectToEngine(undefined, database.requestHandler));

  const put = () => client.send(new PutCommand({ TableName: "Broken", Item: { pk: "group#1" } }));
  await expect(put()).rejects.toThrow("The database engine failed: ");
  await expect(put()).rejects.toThrow();
  expect(reasons.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The database engine failed: /),
  ]);

  client.destroy();
  await database.close();
});
