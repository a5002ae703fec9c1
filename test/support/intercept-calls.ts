import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type Handle = DynamoDBDocumentClient["config"]["requestHandler"]["handle"];
export type CallResponse = Awaited<ReturnType<Handle>>;

/** One attempt of the SDK at one call of the database. */
export interface InterceptedCall {
  /** The call is, for example, `PutItem study_session`. */
  readonly call: string;
  /** The whole key of the item, or of the first item in a batch; empty for a scan. */
  readonly pk: string;
  /** The keys of all items that the call is about. */
  readonly keys: readonly string[];
  /** The input of the call, as it goes over the wire. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Sends the call to the engine, which applies it and responds. */
  readonly forward: () => Promise<CallResponse>;
  /** Sends the call to the engine even if the SDK has aborted it. */
  readonly forwardLate: () => Promise<CallResponse>;
  readonly signal: AbortSignal | undefined;
}

/** Puts `intercept` between the SDK, which still retries, and the engine. */
export const interceptCalls = (
  client: DynamoDBDocumentClient,
  intercept: (intercepted: InterceptedCall) => Promise<CallResponse>,
) => {
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) =>
    intercept({
      ...readCall(request.headers["x-amz-target"], request.body),
      forward: () => handle(request, options),
      forwardLate: () => handle(request),
      signal: readSignal(options),
    });
};

const readCall = (target: string | undefined, body: Uint8Array) => {
  const input = JSON.parse(new TextDecoder().decode(body));
  const keys = readKeys(input);
  const [pk = ""] = keys;
  return { call: `${target?.split(".")[1]} ${pk.split("#")[0]}`, pk, keys, input };
};

interface Key {
  readonly pk: { readonly S: string };
}

interface Input {
  readonly Key?: Key;
  readonly Item?: Key;
  /** The keys by the names of tables. */
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Key[] }>>;
}

const readKeys = ({ Key, Item, RequestItems = {} }: Input) => {
  const batch = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
  return [Key, Item, ...batch].flatMap((key) => key?.pk.S ?? []);
};

const readSignal = (options: object = {}) =>
  "abortSignal" in options && options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
