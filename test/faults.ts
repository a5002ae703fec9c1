import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type Handle = DynamoDBDocumentClient["config"]["requestHandler"]["handle"];

/** One attempt at one call of the database. */
export interface Attempt {
  /** For example `PutItem study_session`. */
  readonly call: string;
  /** Hands it to the engine, which applies and answers it. */
  readonly forward: () => ReturnType<Handle>;
  readonly signal: AbortSignal | undefined;
}

const nameCall = (target: string | undefined, body: Uint8Array) => {
  const { Key, Item } = JSON.parse(new TextDecoder().decode(body));
  return `${target?.split(".")[1]} ${(Key ?? Item).pk.S.split("#")[0]}`;
};

const readSignal = (options: object = {}) =>
  "abortSignal" in options && options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;

/** Puts `intercept` between the SDK, which goes on retrying, and the engine. */
export const interceptCalls = (
  client: DynamoDBDocumentClient,
  intercept: (attempt: Attempt) => ReturnType<Handle>,
) => {
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) =>
    intercept({
      call: nameCall(request.headers["x-amz-target"], request.body),
      forward: () => handle(request, options),
      signal: readSignal(options),
    });
};

const failure = (name: string, code?: string) => Object.assign(new Error(`injected ${name}`), { name, code });

export const connectionReset = () => failure("TimeoutError", "ECONNRESET");
export const throttled = () => failure("ThrottlingException");
