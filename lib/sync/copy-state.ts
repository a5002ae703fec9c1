import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import { retryUntilDone } from "../import/retry-until-done.ts";
import type { Gap } from "./id-gaps.ts";

const WholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Range = v.pipe(v.tuple([WholeNumber, WholeNumber]), v.readonly());

/** The attributes of the stored item. They are short, because a write costs by the size of the item. */
const StoredState = v.object({
  /** Every write makes a new revision, so two commands that work on one table notice each other. */
  revision: v.string(),
  settled_to: WholeNumber,
  /** The first and the last id of each gap, and since when it is known. */
  gaps: v.array(v.tuple([WholeNumber, WholeNumber, WholeNumber])),
  imported_to: WholeNumber,
  groups: v.optional(v.array(Range)),
  study_activities: v.optional(v.array(Range)),
});

/** A range from the first to the last id. */
export type IdRange = v.InferOutput<typeof Range>;

/** The progress of the copies between the portal and the table. */
interface CopyState {
  /** The portal has every session up to this id, had it once, or never gets it. Exceptions are the gaps. */
  readonly settledTo: number;
  readonly gaps: readonly Gap[];
  /** The portal's own sessions up to this id are in the table. */
  readonly importedTo: number;
  /** The ids of the groups and study activities that came from the portal; undefined before the first copy. */
  readonly groups: readonly IdRange[] | undefined;
  readonly studyActivities: readonly IdRange[] | undefined;
}

const EMPTY_STATE: CopyState = {
  settledTo: 0,
  gaps: [],
  importedTo: 0,
  groups: undefined,
  studyActivities: undefined,
};

interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

const toItem = (state: CopyState, revision: string) => ({
  pk: pk.portalCopy,
  revision,
  settled_to: state.settledTo,
  gaps: state.gaps.map(({ first, last, since }) => [first, last, since]),
  imported_to: state.importedTo,
  groups: state.groups,
  study_activities: state.studyActivities,
});

const readItem = async ({ client, tableName }: Table) => {
  const command = new GetCommand({ TableName: tableName, Key: { pk: pk.portalCopy }, ConsistentRead: true });
  return (await client.send(command)).Item;
};

/** @throws Error when the item is not what `toItem` makes */
const parseState = (item: unknown): CopyState & { readonly revision: string } => {
  const { success, output, issues } = v.safeParse(StoredState, item);
  if (!success) throw new Error(`${pk.portalCopy} can't be read: ${v.summarize(issues)}`);
  return {
    revision: output.revision,
    settledTo: output.settled_to,
    gaps: output.gaps.map(([first, last, since]) => ({ first, last, since, lookedAt: 0 })),
    importedTo: output.imported_to,
    groups: output.groups,
    studyActivities: output.study_activities,
  };
};

/** @returns false, and changes nothing, when another command has written the state since */
const putItem = async ({ client, tableName }: Table, item: ReturnType<typeof toItem>, before?: string) => {
  const command = new PutCommand({
    TableName: tableName,
    Item: item,
    ConditionExpression: before === undefined ? "attribute_not_exists(pk)" : "revision = :before",
    ...(before !== undefined && { ExpressionAttributeValues: { ":before": before } }),
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** @returns the new revision, or undefined when another command has written the state since */
const replaceItem = (table: Table, state: CopyState, before: string | undefined) =>
  retryUntilDone<string | undefined>(async () => {
    const revision = randomUUID();
    try {
      // The SDK may have sent our own write twice.
      const isWritten =
        (await putItem(table, toItem(state, revision), before)) ||
        (await readItem(table))?.revision === revision;
      return { isDone: true, result: isWritten ? revision : undefined };
    } catch (error) {
      if (isThrottling(error)) return { isDone: false, unwritten: 1 };
      throw error;
    }
  });

/** The time of a look at a gap is not stored: a look that finds nothing must not cost a write. */
const areStoredAlike = (state: CopyState, other: CopyState) =>
  JSON.stringify(toItem(state, "")) === JSON.stringify(toItem(other, ""));

const readState = async (table: Table) => {
  const item = await readItem(table);
  return item ? parseState(item) : { ...EMPTY_STATE, revision: undefined };
};

interface Options extends Table {
  /** If true, changes stay in memory. */
  readonly isDryRun?: boolean;
}

/** Keeps the state in the table, not in the portal's file: sessions that the portal deletes must stay deleted. */
export const openCopyState = async ({ isDryRun = false, ...table }: Options) => {
  let { revision, ...state } = await readState(table);
  return {
    get: (): CopyState => state,

    /** True if nothing was ever copied. */
    isNew: () => revision === undefined,

    /**
     * Changes the state, and writes it if that is necessary.
     * @throws Error when another command has written the state since. The state is then as that command left it
     */
    update: async (changes: Partial<CopyState>) => {
      const changed = { ...state, ...changes };
      const isStored = revision !== undefined && areStoredAlike(state, changed);
      if (!isStored && !isDryRun) {
        const written = await replaceItem(table, changed, revision);
        if (written === undefined) {
          ({ revision, ...state } = await readState(table));
          throw new Error("Another program copies between this table and a portal. End one of them");
        }
        revision = written;
      }
      state = changed;
    },
  };
};

export type StoredCopyState = Awaited<ReturnType<typeof openCopyState>>;
