import { afterEach, beforeAll, beforeEach, jest } from "@jest/globals";
import { type RequestOutcome, startFaultyProxy } from "./faulty-proxy.ts";
import { interceptCalls } from "./intercept-calls.ts";
import { runAtEnd } from "./run-at-end.ts";
import { type Request, sendToHandler } from "./send.ts";
import { createService } from "./service.ts";
import { openTestEngine, openTestTable, type TestTable } from "./test-table.ts";

type ServiceOptions = Parameters<typeof createService>[2];

/** Opens one table for all tests of a file. What a test starts on it ends with the test, even when the test fails. */
export const useTable = () => {
  let table: TestTable | undefined;
  beforeAll(async () => {
    table = await openUntilEnd();
  });
  return createTools(() => table);
};

/** Opens a table for each test of a file. */
export const useTableOfTest = () => {
  let engine: Awaited<ReturnType<typeof openTestEngine>>;
  let table: TestTable | undefined;
  beforeAll(async () => {
    engine = await openTestEngine();
    runAtEnd(engine.close);
  });
  beforeEach(async () => {
    table = await openUntilEnd(engine.endpoint);
  });
  return createTools(() => table);
};

const openUntilEnd = async (endpoint?: string) => {
  const table = await openTestTable(endpoint);
  runAtEnd(table.close);
  return table;
};

const createTools = (findTable: () => TestTable | undefined) => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const getTable = () => {
    const table = findTable();
    if (!table) throw new Error("The table is open only while tests run");
    return table;
  };

  /** Its members can be read while tests run. */
  const table: TestTable = {
    get endpoint() {
      return getTable().endpoint;
    },
    get tableName() {
      return getTable().tableName;
    },
    get client() {
      return getTable().client;
    },
  };

  /** @param endpoint - where the service finds the engine, when something is in front of the engine */
  const startService = (options?: ServiceOptions, endpoint = table.endpoint) => {
    const { client, handler, log } = createService(endpoint, table.tableName, options);
    runAtEnd(() => client.destroy());
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
    const proxy = await startFaultyProxy(table.endpoint, decide);
    runAtEnd(proxy.close);
    return startService({}, proxy.endpoint);
  };

  return { table, startService, startServiceBehindProxy };
};
