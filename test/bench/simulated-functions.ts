import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { HttpError } from "../../functions/http-error.ts";
import { createStudySessionStore } from "../../functions/sessions/study-session-store.ts";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { toItems } from "../../lib/database/reference-data.ts";
import { type CallResponse, type InterceptedCall, interceptCalls } from "../support/intercept-calls.ts";
import { putItems } from "../support/stored-sessions.ts";
import type { TestTable } from "../support/test-table.ts";
import type { TakeUnit } from "./partition-limiter.ts";
import { startSimulatedClock } from "./simulated-clock.ts";

export interface Load {
  readonly idBlockSize: number;
  /** The time is in real seconds, not in those of the simulated clock. */
  readonly referenceCacheSeconds: number;
  /** The number of groups that the requests name in turn. */
  readonly groups: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Call {
  /** The time is in milliseconds of the simulated clock, as all times here. */
  readonly at: number;
  readonly pk: string;
  readonly isThrottled: boolean;
}

export interface Create {
  readonly at: number;
  /** There is no id when the response was 503. */
  readonly id: number | undefined;
}

/** The number of groups and of study activities: so many that none of them reaches a limit. */
export const REFERENCES = 20;

/** A create makes two calls in sequence: together they take the 20 ms that docs/running.md estimates. */
const CALL_MS = 10;

export const addReferences = (table: TestTable) => {
  const ids = Array.from({ length: REFERENCES }, (_, index) => index + 1);
  const items = toItems({
    groups: ids.map((id) => ({ id, name: `Group ${id}`, words_count: 1 })),
    study_activities: ids.map((id) => ({ id, name: `Activity ${id}`, url: "/", preview_url: "/" })),
  });
  return putItems(table, items);
};

/** Starts an instance of the function: it serves one request at a time, with its own ids, attempts and connections. */
const startFunction = ({ endpoint, tableName }: TestTable, load: Load) => {
  const client = DynamoDBDocumentClient.from(connectToEngine(endpoint));
  const { idBlockSize, referenceCacheSeconds, groups } = load;
  const store = createStudySessionStore({ client, tableName, idBlockSize, referenceCacheSeconds });
  const create = async (index: number) => {
    const request = { group_id: 1 + (index % groups), study_activity_id: 1 + (index % REFERENCES) };
    try {
      const { session } = await store.create({
        request,
        keyHash: undefined,
        signal: new AbortController().signal,
        onRefusedId: () => {},
      });
      return session.id;
    } catch (error) {
      if (error instanceof HttpError && error.statusCode === 503) return undefined;
      throw error;
    }
  };
  return { client, create };
};

/**
 * Starts as many functions as the load keeps busy while nothing is throttled. Their blocks of ids are used up evenly,
 * as after some time: functions that start together would all use the counter at once.
 */
const startWarmFunctions = (table: TestTable, load: Load) => {
  const count = 1 + Math.floor((load.perSecond * 2 * CALL_MS) / 1000);
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const started = startFunction(table, load);
      const used = 1 + Math.floor((index * load.idBlockSize) / count);
      for (let i = 0; i < used; i++) await started.create(i);
      return started;
    }),
  );
};

const respondThrottled = async (): Promise<CallResponse> => {
  const body = {
    __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    message: "The partition has no units left",
  };
  const headers = { "content-type": "application/x-amz-json-1.0" };
  return { response: { statusCode: 400, headers, body: Buffer.from(JSON.stringify(body)) } };
};

/** Reads the whole body first: the SDK would read it in real time, which the simulated clock does not count. */
const forwardWhole = async ({ forward }: InterceptedCall): Promise<CallResponse> => {
  const { response } = await forward();
  response.body = Buffer.concat(await response.body.toArray());
  return { response };
};

/**
 * Lets requests arrive evenly, each in a function that is idle, or in a new one when none is.
 * @param takeUnit - what stands between the functions and the engine
 */
export const simulate = async (table: TestTable, load: Load, takeUnit: TakeUnit) => {
  const calls: Call[] = [];
  const functions = await startWarmFunctions(table, load);
  const clock = startSimulatedClock();
  const limit = ({ client }: ReturnType<typeof startFunction>) =>
    interceptCalls(client, (intercepted) => {
      const { call, pk } = intercepted;
      const at = clock.now();
      const isThrottled = !takeUnit(call.startsWith("Get") ? "read" : "write", pk, at);
      calls.push({ at, pk, isThrottled });
      return clock.take(CALL_MS, isThrottled ? respondThrottled() : forwardWhole(intercepted));
    });
  const startLimited = () => {
    const started = startFunction(table, load);
    functions.push(started);
    limit(started);
    return started;
  };
  functions.forEach(limit);
  const idle = [...functions];
  const serve = async (index: number): Promise<Create> => {
    await clock.wait(((index + 1) * 1000) / load.perSecond);
    const taken = idle.shift() ?? startLimited();
    const id = await taken.create(index);
    idle.push(taken);
    return { at: clock.now(), id };
  };
  try {
    const requests = Array.from({ length: load.perSecond * load.seconds }, (_, index) => serve(index));
    return { calls, creates: await clock.run(Promise.all(requests)), functions: functions.length };
  } finally {
    clock.stop();
    for (const { client } of functions) client.destroy();
  }
};
