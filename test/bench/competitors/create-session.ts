import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

export const client = DynamoDBDocumentClient.from(new DynamoDBClient());

const TableName = process.env.TABLE_NAME;

const get = (pk: string) => client.send(new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }));

const takeId = async () => {
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName,
      Key: { pk: "counter#study_session" },
      UpdateExpression: "ADD last_id :one",
      ExpressionAttributeValues: { ":one": 1 },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  return Attributes?.last_id;
};

interface Request {
  readonly group_id: number;
  readonly study_activity_id: number;
}

/** The calls of the service for a request without a key, and nothing else. */
export const createSession = async ({ group_id, study_activity_id }: Request) => {
  const [id, group, studyActivity] = await Promise.all([
    takeId(),
    get(`group#${group_id}`),
    get(`study_activity#${study_activity_id}`),
  ]);
  if (!group.Item || !studyActivity.Item) return undefined;
  const session = { id, group_id, study_activity_id, created_at: new Date().toISOString() };
  await client.send(
    new PutCommand({
      TableName,
      Item: { pk: `study_session#${id}`, ...session, owner: randomUUID() },
      ConditionExpression: "attribute_not_exists(pk)",
    }),
  );
  return session;
};
