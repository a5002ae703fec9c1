import { afterEach, expect, jest, test } from "@jest/globals";
import {
  createJsonLog,
  describeCause,
  LOG_LEVELS,
  type LogEntry,
  startRequestLog,
} from "../../../functions/http/request-log.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Starts the log of a request that takes 12.345 ms. */
const start = () => {
  const entries: LogEntry[] = [];
  const now = jest.spyOn(performance, "now").mockReturnValue(1000);
  const log = startRequestLog((entry) => entries.push(entry), "r-1");
  now.mockReturnValue(1012.345);
  return { log, entries };
};

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

test.each([
  [201, "INFO"],
  [204, "INFO"],
  [399, "INFO"],
  [400, "WARN"],
  [499, "WARN"],
  [500, "ERROR"],
  [503, "ERROR"],
  [undefined, "ERROR"],
])("logs %s as %s, with the duration and the added members", (status, level) => {
  const { log, entries } = start();
  log.add({ id: 1, keyHash: "hash" });
  log.add({ replayed: true });
  log.end(status);
  const own = { timestamp: TIMESTAMP, level, requestId: "r-1", status, durationMs: 12.3 };
  expect(entries).toStrictEqual([{ ...own, id: 1, keyHash: "hash", replayed: true }]);
  expect(Object.keys(entries[0] ?? {}).slice(0, 5)).toEqual(Object.keys(own));
});

test("no added member overwrites a member of the log itself", () => {
  const { log, entries } = start();
  const own = ["timestamp", "level", "requestId", "status", "durationMs"];
  log.add(Object.fromEntries([...own, "cause"].map((name) => [name, "added"])));
  log.error(new Error("survived"), {});
  log.end(201);
  expect(entries).toEqual([
    expect.objectContaining({ timestamp: TIMESTAMP, level: "ERROR", requestId: "r-1" }),
    { timestamp: TIMESTAMP, level: "INFO", requestId: "r-1", status: 201, durationMs: 12.3, cause: "added" },
  ]);
  expect(entries[0]?.cause).toMatch(/^Error: survived\n/);
});

test("logs an error from which the request recovers as an entry of its own", () => {
  const { log, entries } = start();
  log.add({ keyHash: "hash" });
  log.error(new Error("survived"), { refusedId: 7 });
  const cause = expect.stringMatching(/^Error: survived\n/);
  expect(entries).toStrictEqual([
    { timestamp: TIMESTAMP, level: "ERROR", requestId: "r-1", refusedId: 7, keyHash: "hash", cause },
  ]);
});

test("describes an error with its causes, and cuts what is long", () => {
  const error = new Error("hidden", { cause: new TypeError("root") });
  expect(describeCause(error)).toMatch(/^Error: hidden.*TypeError: root/s);
  expect(describeCause(undefined)).toBe("undefined");
  expect(describeCause(new Error("long".repeat(10_000)))).toHaveLength(10_000);
});

test.each([
  ["INFO", ["INFO", "WARN", "ERROR"]],
  ["WARN", ["WARN", "ERROR"]],
  ["ERROR", ["ERROR"]],
] as const)("writes %s and higher levels, a line of JSON each", (lowest, written) => {
  const lines: unknown[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(line) > 0);
  const write = createJsonLog(lowest);
  const entries = LOG_LEVELS.map((level) => ({ timestamp: "t", level, requestId: "r-1" }));
  for (const entry of entries) write(entry);
  const expected = entries.filter(({ level }) => written.some((name) => name === level));
  expect(lines).toEqual(expected.map((entry) => `${JSON.stringify(entry)}\n`));
});
