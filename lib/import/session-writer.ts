import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { createCallPace } from "./call-pace.ts";
import type { ReservedIds } from "./id-reservation.ts";
import { putSession } from "./session-put.ts";

/** Concurrent writes: enough to keep DynamoDB and other engines busy. */
const PUTS_AT_A_TIME = 32;

interface RefusedSession {
  readonly id: number;
  /** All sessions that are refused for one cause have the same text. */
  readonly reason: string;
  /** The details belong to this session alone, and may be empty. */
  readonly details: string;
}

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The sessions are read once, and never held in memory as a whole. */
  readonly sessions: Iterable<StudySession>;
  readonly reservedIds: ReservedIds;
  /** Called for each session that is not written because its id belongs to another session. */
  readonly onRefused: (session: RefusedSession) => void;
  /** Called after each session with how many are written, repeated or refused. */
  readonly onProgress: (done: number) => void;
}

/** All loops over the result share one pass through the items. */
const shareItems = function* <Item>(items: Iterable<Item>) {
  yield* items;
};

/**
 * Writes sessions that were created elsewhere. They keep their ids, and overwrite nothing. After a failure no write
 * begins, and the function waits for the writes under way before it throws.
 * @returns the number of sessions by outcome. The table had the `repeated` sessions before
 * @throws Error when the table has no capacity for a long time, and what the client and `sessions` throw
 */
export const writeSessions = async (options: Options) => {
  const { client, tableName, sessions, reservedIds, onRefused, onProgress } = options;
  const counts = { written: 0, repeated: 0, refused: 0 };
  const failure = new AbortController();
  const { signal } = failure;
  const context = { client, tableName, reservedIds, keepPace: createCallPace(signal), signal };
  let done = 0;
  const write = async (session: StudySession) => {
    const outcome = await putSession(context, session);
    counts[outcome.kind]++;
    if (outcome.kind === "refused") onRefused({ id: session.id, ...outcome });
    onProgress(++done);
  };
  const remaining = shareItems(sessions);
  const writeRemaining = async () => {
    try {
      for (const session of remaining) {
        if (signal.aborted) return;
        await write(session);
      }
    } catch (error) {
      failure.abort(error);
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_A_TIME }, writeRemaining));
  signal.throwIfAborted();
  return counts;
};
