import { existsSync } from "node:fs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb-client.ts";
import { openEmbeddedDatabase } from "../database/embedded-database.ts";
import { connectToEngine, createTableIfMissing } from "../database/local-table.ts";
import { errorMessage } from "../error-message.ts";

interface Options {
  /** An existing table. When undefined, it is `defaultTable`. */
  readonly table: string | undefined;
  /** The table that `npm start` uses. */
  readonly defaultTable: string;
  /** Another engine than the embedded one. */
  readonly endpoint: string | undefined;
  /** The folder of the embedded engine. */
  readonly dataDir: string;
  /** Creates neither the folder nor the default table where they are missing. */
  readonly isReadOnly: boolean;
}

const openFolder = async ({ dataDir, isReadOnly }: Options) => {
  if (isReadOnly && !existsSync(dataDir)) {
    throw new Error(`There is no folder ${dataDir} yet: npm start creates it`);
  }
  try {
    return await openEmbeddedDatabase({ dataDir });
  } catch (cause) {
    throw new Error(`${errorMessage(cause)}, or end npm start first`, { cause });
  }
};

const connect = async (options: Options) => {
  const { table, endpoint, dataDir } = options;
  if (endpoint) return { client: connectToEngine(endpoint), place: endpoint, close: async () => {} };
  if (table !== undefined) {
    return { client: createDynamoDbClient(), place: "this account and region", close: async () => {} };
  }
  const { requestHandler, close } = await openFolder(options);
  return { client: connectToEngine(undefined, requestHandler), place: dataDir, close };
};

/**
 * Opens the table that an import writes or lists.
 * @returns a client, the name of the table, the place of the table for messages, and a function that closes the database
 * @throws Error when the folder is in use, or the other engine does not answer
 */
export const openTargetTable = async (options: Options) => {
  const { client, place, close } = await connect(options);
  const { table, defaultTable, isReadOnly } = options;
  try {
    if (table === undefined && !isReadOnly) await createTableIfMissing(client, defaultTable);
  } catch (cause) {
    await close();
    throw new Error(`The database at ${place} can't be used: ${errorMessage(cause)}`, { cause });
  }
  return {
    client: DynamoDBDocumentClient.from(client),
    tableName: table ?? defaultTable,
    place,
    close: async () => {
      client.destroy();
      await close();
    },
  };
};
