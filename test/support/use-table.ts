import { afterAll, afterEach, beforeAll, jest } from "@jest/globals";
import { type RequestOutcome, startFaultyProxy } from "./faulty-proxy.ts";
import { interceptCalls } from "./intercept-calls.ts";
import { type Request, sendToHandler } from "./send.ts";
import { createService } from "./service.ts";
import { openTestTable, type TestTable } from "./test-table.ts";

type ServiceOptions = Parameters<typeof createService>[2];

/** Opens one table for all tests of a file. What a test starts on it ends with the test, even when the test fails. */
export const useTable = () => {
  let table: TestTable | undefined;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    table = await openTestTable();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const close of closers.splice(0)) await close();
  });

  afterAll(() => table?.close());

  const getTable = () => {
    if (!table) throw new Error("The table is open only while tests run");
    return table;
  };

  /** @param endpoint - where the service finds the engine, when something is in front of the engine */
  const startService = (options?: ServiceOptions, endpoint = getTable().endpoint) => {
    const { client, handler, log } = createService(endpoint, getTable().tableName, options);
    closers.push(() => client.destroy());
    const calls: string[] = [];
    interceptCalls(client, ({ call, forward }) => {
      calls.push(call);
      return forward();
    });
    const send = (request: Request, timeoutMs?: number) => sendToHandler(handler, timeoutMs)(request);
    return { client, handler, log, calls, send };
  };

  /** Starts a service behind a proxy. `decide` returns the outcome of each request to the engine. */
  const startServiceBehindProxy = async (decide: () => RequestOutcome) => {
    const proxy = await startFaultyProxy(getTable().endpoint, decide);
    const service = startService({}, proxy.endpoint);
    closers.push(proxy.close);
    return service;
  };

  return { getTable, startService, startServiceBehindProxy };
};
