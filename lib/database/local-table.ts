import { setTimeout as wait } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import { errorMessage } from "../error-message.ts";
import referenceData from "./reference-data.json" with { type: "json" };
import { toItems } from "./reference-data.ts";

/** The SDK needs a URL even where a request handler needs none. No name server knows this one. */
const NO_ENDPOINT = "http://embedded.invalid";

/** A new table must become active within this time. */
const MAX_WAIT_MS = 30_000;
/** The first pause between two looks at a new table. Pauses double: local engines need a few milliseconds. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1000;

/** The embedded engine expects a signature, and checks none. Making a real one takes a tenth of a request's work. */
const UNSIGNED: NonNullable<DynamoDBClientConfig["signer"]> = {
  sign: async (request) => ({
    ...request,
    headers: {
      ...request.headers,
      authorization: "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=none, Signature=none",
      "x-amz-date": "20250220T120000Z",
    },
  }),
};

/**
 * Makes a client for a local engine. Local engines need a region and credentials, and accept any: those of the
 * environment win. An attempt may take 5 seconds: the engine shares the CPUs with its callers.
 */
export const connectToEngine = (
  endpoint: string = NO_ENDPOINT,
  requestHandler?: DynamoDBClientConfig["requestHandler"],
) => {
  const { AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID } = process.env;
  const hasCredentials = AWS_PROFILE || AWS_ACCESS_KEY_ID;
  const client = createDynamoDbClient({
    endpoint,
    attemptTimeoutMs: 5000,
    region: AWS_REGION || "us-east-1",
    ...(requestHandler && { requestHandler, signer: UNSIGNED }),
    ...(hasCredentials ? {} : { credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  });
  // This middleware describes the SDK with each call, and the embedded engine ignores that.
  if (requestHandler) client.middlewareStack.remove("getUserAgentMiddleware");
  return client;
};

const isActive = async (client: DynamoDBClient, tableName: string) => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return Table?.TableStatus === "ACTIVE";
  } catch (error) {
    // DynamoDB may not know the table yet that it has just created.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};

/** Unlike the SDK's own function, this one fails at once when the engine has gone. */
const waitUntilActive = async (client: DynamoDBClient, tableName: string) => {
  const until = performance.now() + MAX_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; !(await isActive(client, tableName)); pauseMs *= 2) {
    if (performance.now() > until) throw new Error(`The table ${tableName} did not become active in time`);
    await wait(Math.min(pauseMs, LONGEST_PAUSE_MS));
  }
};

/** Creates the table unless it exists, as the stack does, but without the time to live, which dynalite lacks. */
export const createTableIfMissing = async (client: DynamoDBClient, tableName: string) => {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilActive(client, tableName);
};

/** Adds the project's groups and study activities as samples, and changes no item that the table already has. */
export const addReferenceData = async (client: DynamoDBClient, tableName: string) => {
  const documents = DynamoDBDocumentClient.from(client);
  const addIfMissing = async (Item: { readonly pk: string }) => {
    try {
      await documents.send(
        new PutCommand({
          TableName: tableName,
          Item,
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  await Promise.all(toItems(referenceData).map(addIfMissing));
};

/**
 * Checks whether an earlier start has created the table, and may have been ended before it had added all samples. An
 * import begins with the counter, so its table always has another item.
 */
const hasOnlySamples = async (client: DynamoDBClient, tableName: string) => {
  const keys = new Set(toItems(referenceData).map(({ pk }) => pk));
  const command = new ScanCommand({ TableName: tableName, ConsistentRead: true, Limit: keys.size + 1 });
  const { Items = [] } = await DynamoDBDocumentClient.from(client).send(command);
  return Items.every(({ pk }) => keys.has(pk));
};

interface LocalTable {
  readonly tableName: string;
  /** The endpoint or the folder of the database, for messages. */
  readonly place: string;
  /** If true, which is the default, a new table gets the samples. */
  readonly hasSamples?: boolean;
}

/**
 * Makes a table ready for the service on this machine. Only a table that a start creates gets the samples.
 * @throws Error when the database does not respond or refuses
 */
export const prepareTable = async (client: DynamoDBClient, options: LocalTable) => {
  const { tableName, place, hasSamples = true } = options;
  try {
    await createTableIfMissing(client, tableName);
    if (hasSamples && (await hasOnlySamples(client, tableName))) await addReferenceData(client, tableName);
  } catch (cause) {
    throw new Error(`The database at ${place} can't be used: ${errorMessage(cause)}`, { cause });
  }
};
