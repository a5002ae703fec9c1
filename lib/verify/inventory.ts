import { pk } from "../../functions/sessions/item-keys.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { errorMessage } from "../error-message.ts";
import { type Finding, printKey } from "./finding.ts";
import { type KeyRecord, readStoredItem, type StoredItem } from "./stored-item.ts";
import type { Item } from "./table-reader.ts";

/** The sessions that name one group or study activity. */
interface Naming {
  readonly firstId: number;
  sessions: number;
}

/**
 * Takes in the items of a table, in any order, and keeps only what the checks need. Each session of a key and each live
 * record takes some 250 bytes of memory. A session without a key and an expired record take none.
 */
export const createInventory = (now: number) => {
  const counts = { counter: 0, group: 0, studyActivity: 0, studySession: 0, idempotencyKey: 0 };
  const unreadable: Finding[] = [];
  /** The keys of all groups and study activities. */
  const references = new Set<string>();
  /** By the key of the group or study activity. */
  const naming = new Map<string, Naming>();
  /** By the hash of the idempotency key. */
  const sessionsOfKeys = new Map<string, StudySession[]>();
  const liveRecords: KeyRecord[] = [];
  let highestId = 0;

  const addNaming = (reference: string, { id }: StudySession) => {
    const known = naming.get(reference);
    if (known) known.sessions++;
    else naming.set(reference, { firstId: id, sessions: 1 });
  };

  const addSession = (session: StudySession, keyHash: string | undefined) => {
    highestId = Math.max(highestId, session.id);
    addNaming(pk.group(session.group_id), session);
    addNaming(pk.studyActivity(session.study_activity_id), session);
    if (keyHash === undefined) return;
    const others = sessionsOfKeys.get(keyHash);
    if (others) others.push(session);
    else sessionsOfKeys.set(keyHash, [session]);
  };

  /** The key of an expired record is over: nothing replays its session any more. */
  const addRecord = (record: KeyRecord, expiresAt: number) => {
    if (expiresAt * 1000 <= now) return;
    highestId = Math.max(highestId, record.session.id);
    liveRecords.push(record);
  };

  const addRead = (item: StoredItem, key: string) => {
    counts[item.kind]++;
    if (item.kind === "studySession") addSession(item.session, item.keyHash);
    else if (item.kind === "idempotencyKey") addRecord(item.record, item.expiresAt);
    else references.add(key);
  };

  const add = (item: Item) => {
    try {
      addRead(readStoredItem(item), item.pk);
    } catch (error) {
      unreadable.push({ message: `${printKey(item.pk)} can't be read: ${errorMessage(error)}` });
    }
  };

  return {
    add,
    counts: counts as Readonly<typeof counts>,
    unreadable: unreadable as readonly Finding[],
    references: references as ReadonlySet<string>,
    naming: naming as ReadonlyMap<string, Readonly<Naming>>,
    sessionsOfKeys: sessionsOfKeys as ReadonlyMap<string, readonly StudySession[]>,
    liveRecords: liveRecords as readonly KeyRecord[],
    /** Of all sessions, and of the records whose session may be missing. 0 when there is none. */
    getHighestId: () => highestId,
  };
};

export type Inventory = ReturnType<typeof createInventory>;
