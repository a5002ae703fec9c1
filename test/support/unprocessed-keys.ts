import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import type { CallResponse, InterceptedCall } from "./intercept-calls.ts";

interface BatchAnswer {
  readonly Responses: Readonly<Record<string, readonly { readonly pk: { readonly S: string } }[]>>;
}

/**
 * Has the engine answer a BatchGetItem, and leaves out the items with these keys as DynamoDB does when an answer would
 * grow too large or a partition has no capacity.
 */
export const respondWithPart = async (
  { forward, keys }: InterceptedCall,
  isLeftOut: (key: string) => boolean,
): Promise<CallResponse> => {
  const { response } = await forward();
  const { Responses } = (await json(response.body)) as BatchAnswer;
  const [[tableName = "", items = []] = []] = Object.entries(Responses);
  const unread = keys.filter(isLeftOut).map((key) => ({ pk: { S: key } }));
  const answer = {
    Responses: { [tableName]: items.filter(({ pk }) => !isLeftOut(pk.S)) },
    UnprocessedKeys: unread.length > 0 ? { [tableName]: { Keys: unread, ConsistentRead: true } } : {},
  };
  return {
    response: Object.assign(response, { body: Readable.from([Buffer.from(JSON.stringify(answer))]) }),
  };
};
