import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type Handle = DynamoDBDocumentClient["config"]["requestHandler"]["handle"];
type Response = Awaited<ReturnType<Handle>>;

/** One attempt of the SDK at one call of the database. */
export interface Attempt {
  /** For example `PutItem study_session`. */
  readonly call: string;
  /** The whole key of the item. */
  readonly pk: string;
  /** Hands it to the engine, which applies and answers it. */
  readonly forward: () => Promise<Response>;
  /** The same, whatever has become of the request meanwhile. */
  readonly forwardLate: () => Promise<Response>;
  readonly signal: AbortSignal | undefined;
}

const readCall = (target: string | undefined, body: Uint8Array) => {
  const { Key, Item } = JSON.parse(new TextDecoder().decode(body));
  const pk: string = (Key ?? Item).pk.S;
  return { call: `${target?.split(".")[1]} ${pk.split("#")[0]}`, pk };
};

const readSignal = (options: object = {}) =>
  "abortSignal" in options && options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;

/** Puts `intercept` between the SDK, which goes on retrying, and the engine. */
export const interceptCalls = (
  client: DynamoDBDocumentClient,
  intercept: (attempt: Attempt) => Promise<Response>,
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

const failure = (name: string, code?: string) => Object.assign(new Error(`injected ${name}`), { name, code });

const reset = () => failure("TimeoutError", "ECONNRESET");

const hang = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(failure("AbortError"));
    signal?.addEventListener("abort", () => reject(failure("AbortError")));
  });

/** The process of one attempt of the client, and the requests that it left on the way. */
export interface Process {
  readonly delayed: (() => Promise<unknown>)[];
  readonly die: () => void;
}

/**
 * What can happen to a call. Those that happen `once` leave the SDK's next attempt at it alone. Delayed requests
 * reach the engine only after the client was answered.
 */
export const FAULTS = {
  refused: async () => {
    throw reset();
  },
  throttled: async () => {
    throw failure("ThrottlingException");
  },
  "applied, answer lost": async ({ forward }) => {
    await forward();
    throw reset();
  },
  delayed: async ({ forwardLate }, process) => {
    process.delayed.push(forwardLate);
    throw reset();
  },
  hanging: ({ signal }) => hang(signal),
  "applied, then hanging": async ({ forward, signal }) => {
    await forward();
    return hang(signal);
  },
  "process dies before": async ({ signal }, process) => {
    process.die();
    return hang(signal);
  },
  "process dies after": async ({ forward, signal }, process) => {
    await forward();
    process.die();
    return hang(signal);
  },
} as const satisfies Record<string, (attempt: Attempt, process: Process) => Promise<Response>>;

export type FaultKind = keyof typeof FAULTS;
