import { inspect } from "node:util";
import type { Context } from "aws-lambda";

export const LOG_LEVELS = ["INFO", "WARN", "ERROR"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly requestId: string;
  /** The entry about an error from which the request recovers has no status. */
  readonly status?: number | undefined;
  readonly durationMs?: number;
  /** The caught error with its stack and causes, for 5xx responses and for errors from which the request recovers. */
  readonly cause?: string;
  /** The members that the handler adds, or the `error` of the response. */
  readonly [member: string]: unknown;
}

export type WriteLog = (entry: LogEntry) => void;

type Members = Readonly<Record<string, unknown>>;

/** This is enough for a stack and its causes. CloudWatch bills the log by its length. */
const MAX_CAUSE_CHARACTERS = 10_000;

export const describeCause = (cause: unknown) => inspect(cause).slice(0, MAX_CAUSE_CHARACTERS);

const levelOf = (status = 500) => {
  if (status >= 500) return "ERROR";
  return status >= 400 ? "WARN" : "INFO";
};

/** Starts the log of one request. The handler adds members to it, as to a child logger. */
export const startRequestLog = (write: WriteLog, requestId: string) => {
  const startedAt = performance.now();
  let added: Members = {};

  const writeEntry = (level: LogLevel, members: Members) => {
    const own = { timestamp: new Date().toISOString(), level, requestId, ...members };
    // The own members come first in the line, and no added member overwrites them.
    write({ ...own, ...added, ...own });
  };

  return {
    /** Adds members to every further entry of the request. They must not grow with what the client sends. */
    add: (members: Members) => {
      added = { ...added, ...members };
    },
    /** Writes an entry about an error from which the request recovers. */
    error: (error: unknown, members: Members) =>
      writeEntry("ERROR", { ...members, cause: describeCause(error) }),
    /** Writes the one entry about the response. */
    end: (status: number | undefined) => {
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      writeEntry(levelOf(status), { status, durationMs });
    },
  };
};

type RequestLog = ReturnType<typeof startRequestLog>;

/** Lambda's context with the log of the request. */
export interface LoggedContext extends Context {
  readonly log: RequestLog;
}

/**
 * Creates a log that writes each entry as one line of JSON to the standard output. CloudWatch discovers the members.
 * @param lowest - entries of lower levels are left out
 */
export const createJsonLog = (lowest: LogLevel): WriteLog => {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(lowest));
  return (entry) => {
    if (levels.includes(entry.level)) process.stdout.write(`${JSON.stringify(entry)}\n`);
  };
};
