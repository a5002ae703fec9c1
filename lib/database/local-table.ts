import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb-client.ts";
import type { EmbeddedDatabase } from "./embedded-database.ts";
import { type ReferenceData, toItems } from "./reference-data.ts";

/**
 * Local engines accept any region and credentials, but want some; those of the environment win. An attempt may
 * take long: the engine shares the processors with everything that calls it.
 */
export const connectToEngine = (endpoint: string, requestHandler?: EmbeddedDatabase["requestHandler"]) => {
  const { AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID } = process.env;
  const hasCredentials = AWS_PROFILE || AWS_ACCESS_KEY_ID;
  return createDynamoDbClient({
    endpoint,
    attemptTimeoutMs: 5000,
    region: AWS_REGION || "us-east-1",
    ...(requestHandler && { requestHandler }),
    ...(hasCredentials ? {} : { credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  });
};

/** Creates the table as the stack would, as far as the local engines go: dynalite knows no time to live. */
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
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: tableName });
};

/** Adds the groups and study activities that are not there yet, and leaves the others as they are. */
export const addReferenceData = async (client: DynamoDBClient, tableName: string, data: ReferenceData) => {
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
  await Promise.all(toItems(data).map(addIfMissing));
};
