import { createHash } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import type { CallPace } from "./call-pace.ts";
import type { ReservedIds } from "./id-reservation.ts";
import { printValue } from "./portal/row-summary.ts";
import { retryUntilDone } from "./retry-until-done.ts";

/** Places a middleware so that it sees each retry of the SDK: every attempt takes capacity. */
const EVERY_ATTEMPT = {
  name: "callPace",
  step: "finalizeRequest",
  priority: "low",
  override: true,
} as const;

interface PutContext {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly reservedIds: ReservedIds;
  readonly keepPace: CallPace;
  /** Ends the retries. */
  readonly signal: AbortSignal;
}

/** The table had a `repeated` session before. */
type PutOutcome =
  | { readonly kind: "written" | "repeated" }
  /** `reason` is the same for all sessions that are refused for one cause, `details` belong to this session. */
  | { readonly kind: "refused"; readonly reason: string; readonly details: string };

type StoredItem = Readonly<Record<string, unknown>>;

/** Makes the owner of an imported session: unlike every owner of the service. A repeated import makes the same one. */
const ownerOf = (session: StudySession) =>
  `import#${createHash("sha256").update(JSON.stringify(session)).digest("base64url")}`;

/** @returns false, and changes nothing, when there is a session with this id */
const putNew = async ({ client, tableName, keepPace }: PutContext, session: StudySession) => {
  const put = new PutCommand({
    TableName: tableName,
    Item: { pk: pk.studySession(session.id), ...session, owner: ownerOf(session) },
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

const readStored = async ({ client, tableName, keepPace }: PutContext, { id }: StudySession) => {
  const Key = { pk: pk.studySession(id) };
  const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
  return (await keepPace(() => client.send(command))).Item;
};

const print = (value: unknown) => (value === undefined ? "missing" : printValue(value));

/** Portals keep fewer digits of a second than the service: a copy that came back has lost the others. */
const isSameTime = (time: string, stored: unknown) =>
  typeof stored === "string" && stored.startsWith(time.replace(/\.?0*Z$/, ""));

const isSame = (member: string, value: unknown, stored: unknown) =>
  member === "created_at" ? isSameTime(String(value), stored) : value === stored;

/** Compares a session with the stored item that has its id. The item may come from an import or from the service. */
const compare = (session: StudySession, stored: StoredItem): PutOutcome => {
  const differences = Object.entries(session)
    .filter(([member, value]) => !isSame(member, value, stored[member]))
    .map(([member, value]) => `${member} is ${print(value)}, here ${print(stored[member])}`);
  if (differences.length === 0) return { kind: "repeated" };
  return { kind: "refused", reason: "differs from what is stored here", details: differences.join("; ") };
};

const GIVEN_OUT: PutOutcome = {
  kind: "refused",
  reason: "the service gave this id to a request, which may still be about to use it",
  details: "",
};

/** Reads before it writes where the session may be stored already: a repeated import then takes no write units. */
const attempt = async (context: PutContext, session: StudySession): Promise<PutOutcome> => {
  const { reservedIds } = context;
  const stored = reservedIds.isNew(session.id) ? undefined : await readStored(context, session);
  if (stored) return compare(session, stored);
  if (!reservedIds.has(session.id)) return GIVEN_OUT;
  if (await putNew(context, session)) return { kind: "written" };
  return compare(session, (await readStored(context, session)) ?? {});
};

/**
 * Writes a session under its own id, and overwrites nothing. Under an id that no import has reserved, the session is
 * only compared with the stored one.
 * @throws Error when the table has no capacity for a long time, and what the client throws
 */
export const putSession = (context: PutContext, session: StudySession) =>
  retryUntilDone<PutOutcome>(async () => {
    try {
      return { isDone: true, result: await attempt(context, session) };
    } catch (error) {
      if (isThrottling(error)) return { isDone: false, unwritten: 1 };
      throw error;
    }
  }, context);
