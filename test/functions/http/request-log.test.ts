import { afterEach, expect, jest, test } from "@jest/globals";
import {
  addToLog,
  createJsonLog,
  LOG_LEVELS,
  type LogEntry,
  logSurvivedError,
  requestLog,
} from "../../../functions/http/request-log.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

type Request = Parameters<ReturnType<typeof requestLog>["requestEnd"]>[0];

const context = createContext(6000);

/** @returns what is logged of a request that took 12.345 ms */
const logOf = (changes: Pick<Request, "response"> & Partial<Request>) => {
  const log: LogEntry[] = [];
  const { requestStart, requestEnd } = requestLog((entry) => log.push(entry));
  const now = jest.spyOn(performance, "now").mockReturnValue(1000);
  const request = { event: {}, context, internal: {}, error: null, ...changes } as Request;
  requestStart(request);
  now.mockReturnValue(1012.345);
  requestEnd(request);
  return log;
};

test.each([
  [201, "INFO"],
  [204, "INFO"],
  [399, "INFO"],
  [400, "WARN"],
  [499, "WARN"],
])("logs %d as %s, with its time and the members of the answer, but without a cause", (statusCode, level) => {
  expect(logOf({ response: { statusCode, body: '{"id":1}' } })).toStrictEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level,
      requestId: context.awsRequestId,
      status: statusCode,
      durationMs: 12.3,
      id: 1,
    },
  ]);
});

test.each([500, 503])("logs %d as ERROR, with the cause and its own cause", (status) => {
  const error = new Error("shown", { cause: new Error("hidden", { cause: new TypeError("root") }) });
  const [entry] = logOf({ response: { statusCode: status, body: '{"error":"shown"}' }, error });
  expect(entry).toMatchObject({ level: "ERROR", status, error: "shown" });
  expect(entry?.cause).toMatch(/^Error: hidden.*TypeError: root/s);
});

test("logs an answer without a body, and one that never came", () => {
  const [preflight] = logOf({ response: { statusCode: 204 } });
  expect(Object.keys(preflight ?? {})).toEqual(["timestamp", "level", "requestId", "status", "durationMs"]);
  const [none] = logOf({ response: undefined } as unknown as Pick<Request, "response">);
  expect(none).toMatchObject({ level: "ERROR", status: undefined, cause: "undefined" });
});

test("logs what the route added to this request alone", () => {
  const added = createContext(6000);
  addToLog(added, { keyHash: "hash" });
  addToLog(added, { replayed: true });
  const request = { response: { statusCode: 201, body: '{"id":1}' } };
  expect(logOf({ ...request, context: added })).toMatchObject([{ id: 1, keyHash: "hash", replayed: true }]);
  expect(logOf(request)).not.toMatchObject([{ replayed: expect.anything() }]);
});

test("logs what a request survived as an error of that request", () => {
  const log: LogEntry[] = [];
  const survivor = { ...context, awsRequestId: "r-1" };
  addToLog(survivor, { keyHash: "hash" });
  logSurvivedError((entry) => log.push(entry), survivor, new Error("survived"));
  expect(log).toEqual([
    {
      timestamp: expect.stringMatching(/Z$/),
      level: "ERROR",
      requestId: "r-1",
      keyHash: "hash",
      cause: expect.stringMatching(/^Error: survived\n/),
    },
  ]);
});

test.each([
  ["INFO", ["INFO", "WARN", "ERROR"]],
  ["WARN", ["WARN", "ERROR"]],
  ["ERROR", ["ERROR"]],
] as const)("writes %s and what is graver, a line of JSON each", (lowest, written) => {
  const lines: unknown[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(line) > 0);
  const write = createJsonLog(lowest);
  const entries = LOG_LEVELS.map((level) => ({ timestamp: "t", level, requestId: "r-1" }));
  for (const entry of entries) write(entry);
  const expected = entries.filter(({ level }) => written.some((name) => name === level));
  expect(lines).toEqual(expected.map((entry) => `${JSON.stringify(entry)}\n`));
});
