import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import { ownerOfImport } from "../../functions/sessions/session-owner.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { printValue } from "./portal/row-summary.ts";
import { retryUntilDone } from "./retry-until-done.ts";
import type { WritePace } from "./write-pace.ts";

/** Places a middleware so that it sees each retry of the SDK: every attempt takes capacity. */
const EVERY_ATTEMPT = {
  name: "writePace",
  step: "finalizeRequest",
  priority: "low",
  override: true,
} as const;

export interface PutContext {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly keepPace: WritePace;
  /** Ends the retries. */
  readonly signal: AbortSignal;
}

/** The table had a `repeated` session before. */
export type PutOutcome =
  | { readonly kind: "written" | "repeated" }
  /** `reason` is the same for all sessions that are refused for one cause, `details` belong to this session. */
  | { readonly kind: "refused"; readonly reason: string; readonly details: string };

type StoredItem = Readonly<Record<string, unknown>>;

/** @returns false, and changes nothing, when there is a session with this id */
const putNew = async ({ client, tableName, keepPace }: PutContext, session: StudySession) => {
  const put = new PutCommand({
    TableName: tableName,
    Item: { pk: pk.studySession(session.id), ...session, owner: ownerOfImport(session) },
    ConditionExpression: "attribute_not_exists(pk)",
  });
  put.middlewareStack.add((next) => (args) => keepPace(() => next(args)), EVERY_ATTEMPT);
  try {
    await client.send(put);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const readStored = async ({ client, tableName }: PutContext, { id }: StudySession) => {
  const Key = { pk: pk.studySession(id) };
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item;
};

const print = (value: unknown) => (value === undefined ? "missing" : printValue(value));

/** Compares a session with the stored item that has its id. The item may come from an import or from the service. */
const compare = (session: StudySession, stored: StoredItem): PutOutcome => {
  const differences = Object.entries(session)
    .filter(([member, value]) => stored[member] !== value)
    .map(([member, value]) => `${member} is ${print(value)}, here ${print(stored[member])}`);
  if (differences.length === 0) return { kind: "repeated" };
  return { kind: "refused", reason: "differs from what is stored here", details: differences.join("; ") };
};

const GIVEN_OUT: PutOutcome = {
  kind: "refused",
  reason: "the service gave this id to a request, which may still be about to use it",
  details: "",
};

/**
 * Writes a session under its own id, and overwrites nothing.
 * @param isReserved - whether an import has reserved the id. If not, the session is only compared with the stored one
 * @throws Error when the table has no capacity for a long time, and what the client throws
 */
export const putSession = (context: PutContext, session: StudySession, isReserved: boolean) =>
  retryUntilDone<PutOutcome>(async () => {
    try {
      if (isReserved && (await putNew(context, session)))
        return { isDone: true, result: { kind: "written" } };
      const stored = await readStored(context, session);
      return { isDone: true, result: stored ? compare(session, stored) : GIVEN_OUT };
    } catch (error) {
      if (isThrottling(error)) return { isDone: false, unwritten: 1 };
      throw error;
    }
  }, context);
