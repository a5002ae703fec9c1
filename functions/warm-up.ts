import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/** A database that is silent must not delay the start any longer. */
const MAX_WAIT_MS = 500;

interface WarmUp {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How many to open: as many as a request uses at a time. */
  readonly connections: number;
}

/**
 * Sends the request of a read again, on connections of their own: the answer to the read still holds the first one.
 * They resume its TLS session. A read for each connection would cost twice the time.
 */
const repeatRequest = (command: GetCommand, times: number) =>
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const repeat = async () => {
        const { body } = (await next(args)).response as { readonly body: NodeJS.ReadableStream };
        await once(body.resume(), "end");
      };
      await Promise.allSettled(Array.from({ length: times }, repeat));
      return answer;
    },
    // The document client applies a command's middleware twice. Under a name, the second replaces the first.
    { step: "deserialize", priority: "low", name: "repeatRequest", override: true },
  );

const read = async ({ client, tableName, connections }: WarmUp, abortSignal: AbortSignal) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk: "warm-up" } });
  repeatRequest(command, connections - 1);
  await client.send(command, { abortSignal });
};

/**
 * Makes the SDK and its connections ready by reading an item that does not exist. While a function initialises, it has
 * whole processors, afterwards the share that its memory buys: the first request takes a third of the time for it.
 * Resolves after half a second at the latest, whatever the database does. Never fails.
 */
export const warmUp = async (options: WarmUp) => {
  const end = new AbortController();
  const { signal } = end;
  await Promise.race([wait(MAX_WAIT_MS, undefined, { signal }), read(options, signal)]).catch(
    () => undefined,
  );
  end.abort();
};
