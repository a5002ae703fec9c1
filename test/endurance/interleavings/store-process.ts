import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { HttpError } from "../../../functions/http-error.ts";
import type { StudySession, StudySessionRequest } from "../../../functions/sessions/study-session.ts";
import {
  createStudySessionStore,
  type StudySessionStore,
} from "../../../functions/sessions/study-session-store.ts";
import { type Operation, type Reply, toOperation } from "./simulated-table.ts";

export interface PlannedRequest {
  readonly name: string;
  readonly request: StudySessionRequest;
  readonly keyHash?: string;
  /** The time during this request, in milliseconds: the `created_at` of its session. */
  readonly now: number;
  /** The requests that must be over before this one starts. */
  readonly after?: readonly string[];
  /** A request of the same process that must have started before, because in the other order the same happens. */
  readonly twin?: string;
}

/** One store and the requests that it serves. */
export interface PlannedProcess {
  readonly requests: readonly PlannedRequest[];
  readonly idBlockSize?: number;
  /** If it is left out, the store caches no references. With "known", the store has found all of them before. */
  readonly references?: "remembered" | "known";
  /** If true, no call of the process fails. */
  readonly isQuiet?: boolean;
}

/** A call that still waits for its response. */
export interface HeldCall {
  readonly number: number;
  readonly request: PlannedRequest;
  readonly operation: Operation;
}

export interface Outcome {
  readonly status: number;
  readonly session?: StudySession;
  readonly isReplay?: boolean;
}

/** An event of a process. */
export type ProcessEvent =
  | { readonly kind: "start" | "abort"; readonly request: PlannedRequest }
  | { readonly kind: "reply"; readonly call: HeldCall; readonly reply: Reply };

interface OpenCall {
  readonly held: HeldCall;
  readonly resolve: (output: Reply["output"]) => void;
  readonly reject: (error: Error) => void;
}

interface StartedRequest {
  readonly plan: PlannedRequest;
  readonly controller: AbortController;
  /** The token that an unkeyed request puts into its session: a UUID, which is another one in each run. */
  token?: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A session's owner has the request's name in the simulated table if it is a UUID. */
const nameOwner = (started: StartedRequest) => (owner: string) => {
  if (!UUID.test(owner)) return owner;
  started.token = owner;
  return started.plan.name;
};

const restoreOwner = ({ plan, token }: StartedRequest, { Item, ...output }: NonNullable<Reply["output"]>) =>
  Item?.owner === plan.name ? { ...output, Item: { ...Item, owner: token } } : { ...output, Item };

const createAbortError = () => Object.assign(new Error("aborted"), { name: "AbortError" });

/** Opens a running store. It holds each of its calls until an event gives the call a response. */
export const openProcess = async ({ idBlockSize = 1, references, requests }: PlannedProcess) => {
  const running = createRunning();
  let send: Send = replyBefore;
  const client: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype, {
    send: { value: (...call: Parameters<Send>) => send(...call) },
  });
  const referenceCacheSeconds = references ? 60 : 0;
  const options = { client, tableName: "StudySessions", idBlockSize, referenceCacheSeconds };
  const store = createStudySessionStore(options);
  if (references === "known") await findReferences(store, requests);
  send = (command, options) => hold(running, command, options);
  return {
    undergo: (event: ProcessEvent) => {
      if (event.kind === "reply") respond(running, event.call, event.reply);
      else if (event.kind === "start") start(running, store, event.request);
      else abort(running, event.request);
    },
    look: () => ({
      held: [...running.open.values()].map(({ held }) => held),
      outcomes: new Map(running.outcomes),
      refusals: new Map(running.refusals),
    }),
  };
};

interface SendOptions {
  readonly abortSignal: AbortSignal;
}

type Send = (command: unknown, options: SendOptions) => Promise<unknown>;

/** The calls before the explored ones leave no trace in the table: all references are found, and no id is taken. */
const replyBefore: Send = async (command) => {
  if (command instanceof GetCommand) return { Item: command.input.Key };
  throw new Error("No write before the first request");
};

const findReferences = async (store: StudySessionStore, requests: readonly PlannedRequest[]) => {
  const { signal } = new AbortController();
  for (const { request } of requests) {
    await store.create({ request, keyHash: undefined, signal, onRefusedId: () => {} }).catch(() => {});
  }
};

const createRunning = () => ({
  requests: new Map<AbortSignal, StartedRequest>(),
  open: new Map<number, OpenCall>(),
  outcomes: new Map<string, Outcome>(),
  refusals: new Map<string, number>(),
  calls: 0,
});

type Running = ReturnType<typeof createRunning>;

const hold = (running: Running, command: unknown, { abortSignal }: SendOptions) =>
  new Promise((resolve, reject) => {
    const started = running.requests.get(abortSignal);
    if (!started) throw new Error("A call without the signal of its request");
    const operation = toOperation(command, nameOwner(started));
    const held = { number: running.calls++, request: started.plan, operation };
    const resolveOutput = (output: Reply["output"]) => resolve(output && restoreOwner(started, output));
    running.open.set(held.number, { held, resolve: resolveOutput, reject });
  });

const start = ({ requests, outcomes, refusals }: Running, store: StudySessionStore, plan: PlannedRequest) => {
  const controller = new AbortController();
  requests.set(controller.signal, { plan, controller });
  const { name, request, keyHash } = plan;
  const onRefusedId = () => refusals.set(name, (refusals.get(name) ?? 0) + 1);
  store.create({ request, keyHash, signal: controller.signal, onRefusedId }).then(
    (created) => outcomes.set(name, { status: 201, ...created }),
    (error) => outcomes.set(name, { status: error instanceof HttpError ? error.statusCode : 500 }),
  );
};

const respond = ({ open }: Running, { number }: HeldCall, { output, error }: Reply) => {
  const call = open.get(number);
  open.delete(number);
  if (error) call?.reject(error);
  else call?.resolve(output);
};

const abort = ({ requests, open }: Running, plan: PlannedRequest) => {
  for (const started of requests.values()) if (started.plan === plan) started.controller.abort();
  for (const { held, reject } of open.values()) {
    if (held.request !== plan) continue;
    open.delete(held.number);
    reject(createAbortError());
  }
};
