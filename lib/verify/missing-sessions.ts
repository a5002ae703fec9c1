import { setTimeout as wait } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { pk } from "../../functions/sessions/item-keys.ts";
import { StudySession } from "../../functions/sessions/study-session.ts";
import type { Finding } from "./finding.ts";
import type { Inventory } from "./inventory.ts";
import { type KeyRecord, readStoredItem } from "./stored-item.ts";
import type { Item, TableReader } from "./table-reader.ts";

export interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly reader: TableReader;
  /** A request may still write its session for this many milliseconds. */
  readonly graceMs: number;
}

const MEMBERS = Object.keys(StudySession.entries) as (keyof StudySession)[];

const isSame = (session: StudySession, other: StudySession | Item) =>
  MEMBERS.every((member) => session[member] === other[member]);

const toItem = ({ owner, session }: KeyRecord) => ({ pk: pk.studySession(session.id), ...session, owner });

const readSession = ({ reader }: Options, { session }: KeyRecord) => reader.read(pk.studySession(session.id));

const isSessionOf = ({ owner, session }: KeyRecord, item: Item | undefined) =>
  item?.owner === owner && isSame(session, item);

/** @returns the record as it is now, or undefined when it has expired */
const readAgain = async ({ reader }: Options, { pk }: KeyRecord) => {
  const item = await reader.read(pk);
  const stored = item && readStoredItem(item);
  return stored?.kind === "idempotencyKey" && stored.expiresAt * 1000 > Date.now()
    ? stored.record
    : undefined;
};

/** Writes the same item as a replay would, on the same condition. */
const writeSession = async (options: Options, record: KeyRecord) => {
  const { client, tableName } = options;
  const Item = toItem(record);
  try {
    const ConditionExpression = "attribute_not_exists(pk)";
    await client.send(new PutCommand({ TableName: tableName, Item, ConditionExpression }));
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return isSessionOf(record, await readSession(options, record));
  }
};

const describe = (options: Options, record: KeyRecord, item: Item | undefined): Finding => {
  const session = pk.studySession(record.session.id);
  if (!item) {
    return {
      message: `${record.pk} has no session: ${session} is missing`,
      repair: () => writeSession(options, record),
    };
  }
  const reason = item.owner === record.owner ? "differs from the record" : "belongs to another request";
  return { message: `${record.pk} has no session: ${session} ${reason}` };
};

/** Selects records without a session. The scan may have missed the session, which is written after the record. */
const selectSuspects = async (options: Options, { liveRecords, sessionsOfKeys }: Inventory) => {
  const suspects: KeyRecord[] = [];
  for (const record of liveRecords) {
    const sessions = sessionsOfKeys.get(record.owner) ?? [];
    if (sessions.some((session) => isSame(record.session, session))) continue;
    if (!isSessionOf(record, await readSession(options, record))) suspects.push(record);
  }
  return suspects;
};

/** Finds the records of idempotency keys whose session is missing, and is not just being written. */
export const findMissingSessions = async (options: Options, inventory: Inventory): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let suspects = await selectSuspects(options, inventory);
  while (suspects.length > 0) {
    await wait(options.graceMs);
    const changed: KeyRecord[] = [];
    for (const suspect of suspects) {
      const record = await readAgain(options, suspect);
      if (!record) continue;
      const item = await readSession(options, record);
      if (isSessionOf(record, item)) continue;
      // Meanwhile a request gave the key another id, and may be writing the session right now.
      if (isSame(record.session, suspect.session)) findings.push(describe(options, record, item));
      else changed.push(record);
    }
    suspects = changed;
  }
  return findings;
};
