import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/** A database that does not respond must not delay the start for longer than this. */
const MAX_WAIT_MS = 500;

interface WarmUp {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The number of connections to open, which is the number that a request uses in parallel. */
  readonly connections: number;
}

/** Reads the item several times in parallel, since each parallel call needs a connection of its own. */
const readInParallel = ({ client, tableName, connections }: WarmUp, abortSignal: AbortSignal) => {
  const read = () =>
    client.send(new GetCommand({ TableName: tableName, Key: { pk: "warm-up" } }), { abortSignal });
  return Promise.allSettled(Array.from({ length: connections }, read));
};

/**
 * Warms up the SDK and opens its connections by reading a missing item. Lambda grants full CPU only during
 * initialisation, so the first request takes a third of the time that it takes otherwise.
 * Resolves after half a second at the latest, whatever the database does. Never fails.
 */
export const warmUp = async (options: WarmUp) => {
  const signal = AbortSignal.timeout(MAX_WAIT_MS);
  const isOver = new Promise((resolve) => signal.addEventListener("abort", resolve));
  await Promise.race([isOver, readInParallel(options, signal)]);
};
