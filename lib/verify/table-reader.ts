import { DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { createReadPace } from "../database/read-pace.ts";
import { STORED_MEMBERS } from "./stored-item.ts";

/** Items of a page. A page takes about 25 read units: a low `maxReadUnits` would throttle most larger pages. */
const PAGE_SIZE = 500;

/** The attributes that the checks need. They are read by placeholder names, because some are reserved words. */
const ATTRIBUTES = ["pk", ...STORED_MEMBERS];

const PROJECTION = {
  ProjectionExpression: ATTRIBUTES.map((name) => `#${name}`).join(),
  ExpressionAttributeNames: Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name])),
};

export interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly unitsPerSecond: number;
}

/** Makes consistent reads, one after the other, within a limit of read units. */
export const createTableReader = ({ client, tableName: TableName, unitsPerSecond }: Options) => {
  const keepPace = createReadPace({ unitsPerSecond });
  // Without this the SDK throws for a number above 2^53, and with it the whole page would be lost.
  const unmarshallOptions = { wrapNumbers: Number };
  const documents = DynamoDBDocumentClient.from(client, { unmarshallOptions });
  const options = { TableName, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" } as const;

  const readPage = (ExclusiveStartKey: Record<string, unknown> | undefined) => {
    const page = { ...options, ...PROJECTION, Limit: PAGE_SIZE, ExclusiveStartKey };
    return keepPace(() => documents.send(new ScanCommand(page)));
  };

  return {
    /** Reads the needed attributes of all items of the table, page by page. */
    async *readAll(): AsyncGenerator<readonly Item[]> {
      let lastKey: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await readPage(lastKey);
        // Every item has a text as its key.
        yield Items as Item[];
        lastKey = LastEvaluatedKey;
      } while (lastKey);
    },

    read: async (pk: string) => {
      const command = new GetCommand({ ...options, Key: { pk } });
      const { Item } = await keepPace(() => documents.send(command));
      return Item as Item | undefined;
    },
  };
};

export type TableReader = ReturnType<typeof createTableReader>;
