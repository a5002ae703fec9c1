import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** The low-level client is used, because the document client is one more layer to load. */
export const client = new DynamoDBClient();

const TableName = process.env.TABLE_NAME;

const get = (pk: string) =>
  client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true }));

const takeId = async () => {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: "counter#study_session" } },
      UpdateExpression: "ADD last_id :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  return Number(Attributes?.last_id?.N);
};

interface Session {
  readonly id: number;
  readonly group_id: number;
  readonly study_activity_id: number;
  readonly created_at: string;
}

const put = ({ id, group_id, study_activity_id, created_at }: Session) =>
  client.send(
    new PutItemCommand({
      TableName,
      Item: {
        pk: { S: `study_session#${id}` },
        id: { N: String(id) },
        group_id: { N: String(group_id) },
        study_activity_id: { N: String(study_activity_id) },
        created_at: { S: created_at },
        owner: { S: randomUUID() },
      },
      ConditionExpression: "attribute_not_exists(pk)",
    }),
  );

type Request = Pick<Session, "group_id" | "study_activity_id">;

/** Makes the calls of the service for a request without a key, and nothing else. */
const createSession = async ({ group_id, study_activity_id }: Request) => {
  const [id, group, studyActivity] = await Promise.all([
    takeId(),
    get(`group#${group_id}`),
    get(`study_activity#${study_activity_id}`),
  ]);
  if (!group.Item || !studyActivity.Item) return undefined;
  const session = { id, group_id, study_activity_id, created_at: new Date().toISOString() };
  await put(session);
  return session;
};

/** Does the minimum: the handler checks nothing and logs nothing. */
export const handler = async ({ body = "" }: APIGatewayProxyEventV2) => {
  const session = await createSession(JSON.parse(body));
  return {
    statusCode: session ? 201 : 404,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(session ?? { error: "Not found" }),
  };
};
