import { existsSync } from "node:fs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import { errorMessage } from "../error-message.ts";
import { openEmbeddedDatabase } from "./engine/embedded-engine.ts";
import { connectToEngine, createTableIfMissing } from "./local-table.ts";

interface Options {
  /** An existing table. When undefined, the command works on `defaultTable`. */
  readonly table: string | undefined;
  /** The table that `npm start` uses. */
  readonly defaultTable: string;
  /** Another engine than the embedded one. */
  readonly endpoint: string | undefined;
  /** The folder of the embedded engine. */
  readonly dataDir: string;
  /** Creates neither the folder nor the default table when they are missing. */
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
  const close = async () => {};
  if (endpoint) return { client: connectToEngine(endpoint), place: endpoint, isLocal: true, close };
  if (table !== undefined) {
    return { client: createDynamoDbClient(), place: "this account and region", isLocal: false, close };
  }
  const engine = await openFolder(options);
  const client = connectToEngine(engine.endpoint, engine.requestHandler);
  return { client, place: dataDir, isLocal: true, close: engine.close };
};

/**
 * Opens the table that a command works on.
 * @returns the table, what an error calls the place where it is, and whether an engine on this machine has it
 * @throws Error when the folder is missing or in use, or the table can't be created
 */
export const openTargetTable = async (options: Options) => {
  const { client, place, isLocal, close } = await connect(options);
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
    isLocal,
    close: async () => {
      client.destroy();
      await close();
    },
  };
};

export type TargetTable = Awaited<ReturnType<typeof openTargetTable>>;
