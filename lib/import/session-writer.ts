import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import pMap from "p-map";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import { ownerOfImport } from "../../functions/sessions/session-owner.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { reserveIds } from "./id-reservation.ts";
import { retryUntilDone } from "./retry-until-done.ts";
import { createWritePace } from "./write-pace.ts";

/** Enough to keep DynamoDB and its stand-ins busy. */
const PUTS_AT_A_TIME = 32;

/** After the SDK's retries: every attempt keeps the pace, since each of them takes capacity. */
const EVERY_ATTEMPT = {
  name: "writePace",
  step: "finalizeRequest",
  priority: "low",
  override: true,
} as const;

type Outcome = "written" | "repeated" | "refused";

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly sessions: Iterable<StudySession>;
  /** The import reserves all free ids up to this one. */
  readonly highestId: number;
  /** Called after each session with how many are written, repeated or refused. */
  readonly onProgress: (done: number) => void;
}

const createPut = (tableName: string, session: StudySession) => {
  // A stored item with the same owner is the same session, which an earlier import wrote.
  const owner = ownerOfImport(session);
  return new PutCommand({
    TableName: tableName,
    Item: { pk: pk.studySession(session.id), ...session, owner },
    ConditionExpression: "attribute_not_exists(pk) OR #owner = :owner",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": owner },
    ReturnValues: "ALL_OLD",
  });
};

interface SessionPut {
  readonly client: DynamoDBDocumentClient;
  readonly put: PutCommand;
  readonly signal: AbortSignal;
}

const sendUntilDone = ({ client, put, signal }: SessionPut) =>
  retryUntilDone<Outcome>(
    async () => {
      try {
        const { Attributes } = await client.send(put);
        return { isDone: true, result: Attributes ? "repeated" : "written" };
      } catch (error) {
        if (isThrottling(error)) return { isDone: false, unwritten: 1 };
        if (error instanceof ConditionalCheckFailedException) return { isDone: true, result: "refused" };
        throw error;
      }
    },
    { signal },
  );

/**
 * Writes sessions that were created elsewhere. They keep their ids, and overwrite no other session. After a failure no
 * write begins, and the function waits for the writes under way before it throws.
 * @returns the ids of the sessions by outcome: an earlier import wrote the `repeated` ones, and the ids of the `refused`
 *   ones belong to other sessions
 * @throws Error when the table has no capacity for a long time, when the ids can't be reserved, and what the client
 *   throws
 */
export const writeSessions = async ({ client, tableName, sessions, highestId, onProgress }: Options) => {
  const outcomes: Record<Outcome, number[]> = { written: [], repeated: [], refused: [] };
  const reservedIds = await reserveIds({ client, tableName, highestId });
  const failure = new AbortController();
  const { signal } = failure;
  const keepPace = createWritePace(signal);
  let done = 0;
  const write = async (session: StudySession) => {
    const put = createPut(tableName, session);
    put.middlewareStack.add((next) => (args) => keepPace(() => next(args)), EVERY_ATTEMPT);
    const outcome = reservedIds.has(session.id) ? await sendUntilDone({ client, put, signal }) : "refused";
    outcomes[outcome].push(session.id);
    onProgress(++done);
  };
  // pMap would not wait for other writes when one rejects.
  const writeUnlessFailed = async (session: StudySession) => {
    if (!signal.aborted) await write(session).catch((error) => failure.abort(error));
  };
  await pMap(sessions, writeUnlessFailed, { concurrency: PUTS_AT_A_TIME });
  signal.throwIfAborted();
  return outcomes;
};
