import { existsSync } from "node:fs";
import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../../functions/dynamodb/dynamodb-client.ts";
import { hasErrorCode } from "../error-code.ts";
import { errorMessage } from "../error-message.ts";
import { openSharedDatabase } from "./engine/shared-engine.ts";
import { connectToEngine, createTableIfMissing } from "./local-table.ts";

interface TableOptions {
  /** An existing table. If it is undefined, the command uses `defaultTable`. */
  readonly table: string | undefined;
  /** The table that `npm start` uses. */
  readonly defaultTable: string;
  /** The URL of an engine that replaces the embedded one. */
  readonly endpoint: string | undefined;
  /** The folder of the embedded engine. */
  readonly dataDir: string;
  /** Creates neither the folder nor the default table when they are missing. */
  readonly isReadOnly: boolean;
}

/** Thrown when the table, or the folder that would hold it, does not exist. */
export class MissingTableError extends Error {}

const openFolder = async ({ dataDir, isReadOnly }: TableOptions) => {
  if (isReadOnly && !existsSync(dataDir)) {
    throw new MissingTableError(`There is no folder ${dataDir} yet: npm start creates it`);
  }
  return openSharedDatabase(dataDir);
};

const connect = async (options: TableOptions) => {
  const { table, endpoint, dataDir } = options;
  const other = { isShared: false, close: async () => {} };
  if (endpoint) return { client: connectToEngine(endpoint), place: endpoint, isLocal: true, ...other };
  if (table !== undefined) {
    return { client: createDynamoDbClient(), place: "this account and region", isLocal: false, ...other };
  }
  const { requestHandler, isShared, close } = await openFolder(options);
  const client = connectToEngine(undefined, requestHandler);
  return { client, place: dataDir, isLocal: true, isShared, close };
};

/** Codes of errors after the process at the other end of a socket has ended. */
const LOST_CONNECTION = ["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE"];

const isLostConnection = (error: unknown) => LOST_CONNECTION.some((code) => hasErrorCode(error, code));

interface Place {
  readonly place: string;
  readonly isShared: boolean;
}

const describeFailure = (error: unknown, { place, isShared }: Place) =>
  isShared && isLostConnection(error)
    ? `the process that had ${place} open has ended. Run the command again`
    : errorMessage(error);

const openTable = async (options: TableOptions) => {
  const { close, ...connection } = await connect(options);
  const { client, place, isLocal, isShared } = connection;
  const { table, defaultTable, isReadOnly } = options;
  try {
    if (table === undefined && !isReadOnly) await createTableIfMissing(client, defaultTable);
  } catch (cause) {
    client.destroy();
    await close();
    throw new Error(`The database at ${place} can't be used: ${describeFailure(cause, connection)}`, {
      cause,
    });
  }
  return {
    client: DynamoDBDocumentClient.from(client),
    tableName: table ?? defaultTable,
    /** The place of the table, for messages. */
    place,
    /** True if an engine on this machine has the table. */
    isLocal,
    /** True if the engine belongs to another process. */
    isShared,
    close: async () => {
      client.destroy();
      await close();
    },
  };
};

export type TargetTable = Awaited<ReturnType<typeof openTable>>;

const explainFailure = (cause: unknown, table: TargetTable) => {
  const message = `${table.tableName} can't be used`;
  return cause instanceof ResourceNotFoundException
    ? new MissingTableError(`${message}: there is no such table in ${table.place}`, { cause })
    : new Error(`${message}: ${describeFailure(cause, table)}`, { cause });
};

/**
 * Opens the table that a command works on, and closes the table after `use`.
 * @throws MissingTableError when the folder or the table is missing, and Error when they can't be used or `use` throws
 */
export const useTable = async <Result>(
  options: TableOptions,
  use: (table: TargetTable) => Promise<Result>,
) => {
  const table = await openTable(options);
  try {
    return await use(table);
  } catch (cause) {
    throw explainFailure(cause, table);
  } finally {
    await table.close();
  }
};
