import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ConditionalCheckFailedException, type ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { ROUTES } from "../../functions/routes.ts";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createEvent, createRouteEvent } from "../support/events.ts";
import { interceptCalls } from "../support/intercept-calls.ts";
import { createService } from "../support/service.ts";
import { openTestTable, type TestTable } from "../support/test-table.ts";
import { dollarsPerMillion } from "./cost.ts";
import { interleave, median, p90, type Row, type Table } from "./measure.ts";

const ROUNDS = 40;
const DELAY_MS = 5;
const BLOCK_SIZE = 20;
/** This is longer than the measurement: only the discarded warm-up round reads the references. */
const KNOWN = { referenceCacheSeconds: 3600 };
const PAGE_SIZE = 20;

interface Usage {
  calls: number;
  /** The longest chain of calls of which each began after the one before it had ended. */
  sequential: number;
  writeUnits: number;
  readUnits: number;
}

/** DynamoDB names the capacity of a batch for each table. */
type Capacity = ConsumedCapacity | readonly ConsumedCapacity[];

const unitsOf = (capacity: Capacity = {}) =>
  [capacity].flat().reduce((sum, { CapacityUnits = Number.NaN }) => sum + CapacityUnits, 0);

/** Puts the delay on every call, and counts what the calls take. @returns what was counted since it was last asked */
const countUsage = (client: DynamoDBDocumentClient) => {
  let usage: Usage = { calls: 0, sequential: 0, writeUnits: 0, readUnits: 0 };
  interceptCalls(client, async ({ forward }) => {
    const depth = usage.sequential + 1;
    usage.calls++;
    await wait(DELAY_MS);
    const response = await forward();
    usage.sequential = Math.max(usage.sequential, depth);
    return response;
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const kind = commandName?.includes("Get") ? "readUnits" : "writeUnits";
        Object.assign(args.input, { ReturnConsumedCapacity: "TOTAL" });
        try {
          const result = await next(args);
          const { ConsumedCapacity } = result.output as { ConsumedCapacity?: Capacity };
          usage[kind] += unitsOf(ConsumedCapacity);
          return result;
        } catch (error) {
          // DynamoDB charges for a write whose condition does not hold, but the error does not say how much.
          if (error instanceof ConditionalCheckFailedException) usage[kind]++;
          throw error;
        }
      },
    { step: "initialize" },
  );
  return () => {
    const counted = usage;
    usage = { calls: 0, sequential: 0, writeUnits: 0, readUnits: 0 };
    return counted;
  };
};

interface Options {
  readonly idBlockSize?: number;
  readonly referenceCacheSeconds?: number;
}

const createCase = ({ endpoint, tableName }: TestTable, options: Options) => {
  const { client, handler } = createService(endpoint, tableName, options);
  const takeUsage = countUsage(client);
  const send = async (event: APIGatewayProxyEventV2) => {
    const startedAt = performance.now();
    const { statusCode = 500, body } = await handler(event, createContext(6000));
    const ms = performance.now() - startedAt;
    if (statusCode > 201) throw new Error(`Status ${statusCode} ${body}`);
    return { ms, ...takeUsage() };
  };
  const invoke = (key?: string) => {
    const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) };
    return send(createEvent({ headers }));
  };
  const replay = async () => {
    const key = randomUUID();
    await invoke(key);
    return invoke(key);
  };
  const read = (url: string) => send(createRouteEvent("GET", ROUTES.listStudySessions.path + url));
  return { invoke, replay, read, close: () => client.destroy() };
};

const mean = (numbers: readonly number[]) => numbers.reduce((sum, next) => sum + next, 0) / numbers.length;

/** Measures a request's calls to DynamoDB, and how many of them follow one another. */
export const measureRoundTrips = async (rounds = ROUNDS): Promise<Table[]> => {
  const table = await openTestTable();
  const one = createCase(table, {});
  const blocks = createCase(table, { idBlockSize: BLOCK_SIZE });
  const known = createCase(table, KNOWN);
  const knownBlocks = createCase(table, { ...KNOWN, idBlockSize: BLOCK_SIZE });
  try {
    // Ids without gaps, for the page.
    for (let id = 1; id <= PAGE_SIZE; id++) await one.invoke();
    const samples = await interleave(
      {
        "without a key": () => one.invoke(),
        "with a key": () => one.invoke(randomUUID()),
        "replay of a key": one.replay,
        [`without a key, ids in blocks of ${BLOCK_SIZE}`]: () => blocks.invoke(),
        "references known, without a key": () => known.invoke(),
        "references known, with a key": () => known.invoke(randomUUID()),
        "references known, replay of a key": known.replay,
        [`references known, without a key, ids in blocks of ${BLOCK_SIZE}`]: () => knownBlocks.invoke(),
        "reading one session": () => one.read("/1"),
        [`reading a page of ${PAGE_SIZE}`]: () => one.read(`?limit=${PAGE_SIZE}&before=${PAGE_SIZE + 1}`),
      },
      rounds,
    );
    const usage: Row[] = [];
    const dollars: Row[] = [];
    for (const [request, counted] of Object.entries(samples)) {
      const times = counted.map(({ ms }) => ms);
      const meanOf = (name: keyof Usage) => mean(counted.map((sample) => sample[name]));
      usage.push({
        request,
        "median ms": median(times),
        "p90 ms": p90(times),
        calls: meanOf("calls"),
        "in sequence": meanOf("sequential"),
        "write units": meanOf("writeUnits"),
        "read units": meanOf("readUnits"),
      });
      dollars.push({ request, ...dollarsPerMillion(meanOf("writeUnits"), meanOf("readUnits")) });
    }
    return [
      {
        title: `Round trips, with ${DELAY_MS} ms put on every call`,
        rows: usage,
        notes: [
          `${rounds} requests each, in turn; calls and units are means, the units as the engine reports them.`,
        ],
      },
      {
        title: "US dollars for a million",
        rows: dollars,
        notes: [
          "List prices of us-east-1 (November 2026); that a request takes 20 ms and logs 1.4 KB are estimates.",
        ],
      },
    ];
  } finally {
    for (const { close } of [one, blocks, known, knownBlocks]) close();
    await table.close();
  }
};
