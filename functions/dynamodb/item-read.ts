import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { callDatabase, type DatabaseRequest } from "./database-call.ts";

/** Reads what was written last. @returns undefined when there is no item with this key */
export const readItem = (request: DatabaseRequest, key: string) =>
  callDatabase(request, async (options) => {
    const { client, tableName: TableName } = request;
    const command = new GetCommand({ TableName, Key: { pk: key }, ConsistentRead: true });
    return (await client.send(command, options)).Item;
  });
