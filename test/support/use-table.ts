import { afterEach, beforeAll, beforeEach, jest } from "@jest/globals";
import { type RequestOutcome, startFaultyProxy } from "./faulty-proxy.ts";
import { interceptCalls } from "./intercept-calls.ts";
import { runAtEnd } from "./run-at-end.ts";
import { type Request, sendToHandler } from "./send.ts";
import { createService, createServiceOf } from "./service.ts";
import { openOwnEngine, openTestEngine, openTestTable, type TestTable } from "./test-table.ts";

type ServiceOptions = Parameters<typeof createService>[2];

interface TableOptions {
  /**
   * If true, the table is in an engine of this process. The start of the engine takes the CPU time of a hundred calls
   * over HTTP, and each call takes a third of the CPU time of such a call.
   */
  readonly hasOwnEngine?: boolean;
}

/** Opens one table for all tests of a file. What a test starts on it ends with the test, even when the test fails. */
export const useTable = ({ hasOwnEngine = false }: TableOptions = {}) => {
  let table: TestTable | undefined;
  beforeAll(async () => {
    const engine = await (hasOwnEngine ? openOwnEngine() : openTestEngine());
    runAtEnd(engine.close);
    table = await openUntilEnd(engine);
  });
  return createTools(() => table);
};

/** Opens a table for each test of a file. */
export const useTableOfTest = ({ hasOwnEngine = false }: TableOptions = {}) => {
  let engine: Awaited<ReturnType<typeof openTestEngine>>;
  let table: TestTable | undefined;
  beforeAll(async () => {
    engine = await (hasOwnEngine ? openOwnEngine() : openTestEngine());
    runAtEnd(engine.close);
  });
  beforeEach(async () => {
    const { endpoint, requestHandler } = engine;
    // A copy, because `interceptCalls` changes the request handler of its client.
    table = await openUntilEnd({ endpoint, requestHandler: requestHandler && { ...requestHandler } });
  });
  return createTools(() => table);
};

const openUntilEnd = async (engine: Parameters<typeof openTestTable>[0]) => {
  const table = await openTestTable(engine);
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
    get requestHandler() {
      return getTable().requestHandler;
    },
    get tableName() {
      return getTable().tableName;
    },
    get client() {
      return getTable().client;
    },
  };

  /** @param endpoint - where the service finds the engine, when something is in front of the engine */
  const startService = (options?: ServiceOptions, endpoint?: string) => {
    const { client, handler, log } =
      endpoint === undefined
        ? createServiceOf(table, options)
        : createService(endpoint, table.tableName, options);
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
