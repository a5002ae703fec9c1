import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/** A silent database must not delay the start any longer. */
const MAX_WAIT_MS = 500;

interface WarmUp {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How many to open: as many as a request uses at a time. */
  readonly connections: number;
}

/** Each read side by side needs a connection of its own. */
const readSideBySide = ({ client, tableName, connections }: WarmUp, abortSignal: AbortSignal) => {
  const read = () =>
    client.send(new GetCommand({ TableName: tableName, Key: { pk: "warm-up" } }), { abortSignal });
  return Promise.allSettled(Array.from({ length: connections }, read));
};

/**
 * Makes the SDK and its connections ready by reads of an item that does not exist. While a function initialises, it has
 * whole processors, afterwards the share that its memory buys: the first request takes a third of the time for it.
 * Resolves after half a second at the latest, whatever the database does. Never fails.
 */
export const warmUp = async (options: WarmUp) => {
  const signal = AbortSignal.timeout(MAX_WAIT_MS);
  const isOver = new Promise((resolve) => signal.addEventListener("abort", resolve));
  await Promise.race([isOver, readSideBySide(options, signal)]);
};
