import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb-client.ts";
import { errorMessage } from "../error-message.ts";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import { connectToEngine, createTableIfMissing } from "./local-table.ts";

interface Options {
  /** An existing table. When undefined, the import writes `defaultTable`, and creates it if it is missing. */
  readonly table: string | undefined;
  /** The table that `npm start` uses. */
  readonly defaultTable: string;
  /** Another engine than the embedded one. */
  readonly endpoint: string | undefined;
  /** The folder of the embedded engine. */
  readonly dataDir: string;
}

const openFolder = async (dataDir: string) => {
  try {
    return await openEmbeddedDatabase({ dataDir });
  } catch (cause) {
    throw new Error(`${errorMessage(cause)}, or end npm start until the import is done`, { cause });
  }
};

const connect = async ({ table, endpoint, dataDir }: Options) => {
  if (endpoint) return { client: connectToEngine(endpoint), close: async () => {} };
  if (table !== undefined) return { client: createDynamoDbClient(), close: async () => {} };
  const engine = await openFolder(dataDir);
  return { client: connectToEngine(engine.endpoint, engine.requestHandler), close: engine.close };
};

/**
 * Opens the table that an import writes.
 * @throws Error when the folder is in use, or the other engine does not answer
 */
export const openTargetTable = async (options: Options) => {
  const { client, close } = await connect(options);
  const { table, defaultTable, endpoint, dataDir } = options;
  try {
    if (table === undefined) await createTableIfMissing(client, defaultTable);
  } catch (cause) {
    await close();
    throw new Error(`The database at ${endpoint ?? dataDir} can't be used: ${errorMessage(cause)}`, {
      cause,
    });
  }
  return {
    client: DynamoDBDocumentClient.from(client),
    tableName: table ?? defaultTable,
    close: async () => {
      client.destroy();
      await close();
    },
  };
};
