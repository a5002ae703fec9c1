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

export interface Inventory {
  readonly add: (item: Item) => void;
  readonly counts: Readonly<Record<StoredItem["kind"], number>>;
  readonly unreadable: readonly Finding[];
  /** The keys of all groups and study activities. */
  readonly references: ReadonlySet<string>;
  /** The namings by the key of the group or study activity. */
  readonly naming: ReadonlyMap<string, Readonly<Naming>>;
  /** The sessions by the hash of the idempotency key. */
  readonly sessionsOfKeys: ReadonlyMap<string, readonly StudySession[]>;
  readonly liveRecords: readonly KeyRecord[];
  /** The highest id of all sessions and of all live records, whose sessions may be missing. 0 when there is none. */
  readonly getHighestId: () => number;
}

/**
 * Collects from the items of a table, in any order, the data that the checks need. Each session of a key and each live
 * record takes about 250 bytes of memory. A session without a key and an expired record take none.
 */
export const createInventory = (now: number): Inventory => {
  const counts = {
    counter: 0,
    portalCopy: 0,
    group: 0,
    studyActivity: 0,
    studySession: 0,
    idempotencyKey: 0,
  };
  const unreadable: Finding[] = [];
  const references = new Set<string>();
  const naming = new Map<string, Naming>();
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

  /** Leaves out an expired record: no request replays its session any more. */
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

  const getHighestId = () => highestId;
  return { add, counts, unreadable, references, naming, sessionsOfKeys, liveRecords, getHighestId };
};
