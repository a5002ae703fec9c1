import { inspect } from "node:util";
import type middy from "@middy/core";
import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";

export const LOG_LEVELS = ["INFO", "WARN", "ERROR"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly requestId: string;
  readonly status?: number | undefined;
  readonly durationMs?: number;
  /** With a 5xx, and with what a request met and survived: what was caught, its stack and its own causes. */
  readonly cause?: string;
  /** The members of the answer, those of the session or `error`, and what the route added. A list is counted. */
  readonly [member: string]: unknown;
}

export type WriteLog = (entry: LogEntry) => void;

type Request = middy.Request<
  unknown,
  APIGatewayProxyStructuredResultV2,
  Error,
  Context,
  { startedAt?: number }
>;

const levelOf = (status = 500) => {
  if (status >= 500) return "ERROR";
  return status >= 400 ? "WARN" : "INFO";
};

/** The members of an answer. A list only by its length: a log entry must not grow with a page. */
const describeBody = (body: string | undefined) =>
  Object.fromEntries(
    Object.entries(JSON.parse(body || "{}")).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.length : value,
    ]),
  );

/** The context is the one object that a route's handler and the hooks share. */
const addedMembers = new WeakMap<Context, Readonly<Record<string, unknown>>>();

/** Adds members to every entry that is written about the request from now on. The client sees nothing of them. */
export const addToLog = (context: Context, members: Readonly<Record<string, unknown>>) => {
  addedMembers.set(context, { ...addedMembers.get(context), ...members });
};

/** The hooks that write one entry for a request, its preflight included, once its answer is complete. */
export const requestLog = (write: WriteLog) => ({
  requestStart: (request: Request) => {
    request.internal.startedAt = performance.now();
  },
  requestEnd: ({ context, internal, response, error }: Request) => {
    const level = levelOf(response?.statusCode);
    write({
      timestamp: new Date().toISOString(),
      level,
      requestId: context.awsRequestId,
      status: response?.statusCode,
      durationMs: Math.round((performance.now() - (internal.startedAt ?? 0)) * 10) / 10,
      ...describeBody(response?.body),
      ...addedMembers.get(context),
      ...(level === "ERROR" ? { cause: inspect(error?.cause) } : {}),
    });
  },
});

/** Writes an entry about an error that a request met and survived. */
export const logSurvivedError = (write: WriteLog, context: Context, error: Error) =>
  write({
    timestamp: new Date().toISOString(),
    level: "ERROR",
    requestId: context.awsRequestId,
    ...addedMembers.get(context),
    cause: inspect(error),
  });

/**
 * Straight to standard output, one line an entry: CloudWatch finds the members of a JSON line by itself.
 * @param lowest - entries of lower levels are left out
 */
export const createJsonLog = (lowest: LogLevel): WriteLog => {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(lowest));
  return (entry) => {
    if (levels.includes(entry.level)) process.stdout.write(`${JSON.stringify(entry)}\n`);
  };
};
