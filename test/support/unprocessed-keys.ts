import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import type { CallResponse, InterceptedCall } from "./intercept-calls.ts";

interface BatchResponse {
  readonly Responses: Readonly<Record<string, readonly { readonly pk: { readonly S: string } }[]>>;
}

/**
 * Makes the engine respond to a BatchGetItem, and leaves out the items with these keys as DynamoDB does when a response
 * would grow too large or a partition has no capacity.
 */
export const respondWithPart = async (
  { forward, keys }: InterceptedCall,
  isLeftOut: (key: string) => boolean,
): Promise<CallResponse> => {
  const { response } = await forward();
  // An engine of this process responds with bytes.
  const body = response.body instanceof Uint8Array ? Readable.from([response.body]) : response.body;
  const { Responses } = (await json(body)) as BatchResponse;
  const [[tableName = "", items = []] = []] = Object.entries(Responses);
  const unread = keys.filter(isLeftOut).map((key) => ({ pk: { S: key } }));
  const part = {
    Responses: { [tableName]: items.filter(({ pk }) => !isLeftOut(pk.S)) },
    UnprocessedKeys: unread.length > 0 ? { [tableName]: { Keys: unread, ConsistentRead: true } } : {},
  };
  return {
    response: Object.assign(response, { body: Readable.from([Buffer.from(JSON.stringify(part))]) }),
  };
};
