import * as v from "valibot";
import { PREFIX, pk } from "../../functions/sessions/item-keys.ts";
import { keyHashOf } from "../../functions/sessions/session-owner.ts";
import { StudySession } from "../../functions/sessions/study-session.ts";
import { GROUP, STUDY_ACTIVITY } from "../database/reference-data.ts";
import type { Item } from "./table-reader.ts";

const Group = v.object(GROUP);
const StudyActivity = v.object(STUDY_ACTIVITY);
const OwnedSession = v.object({ ...StudySession.entries, owner: v.optional(v.string()) });
/** `expires_at` is in seconds. */
const ExpiringSession = v.object({
  ...StudySession.entries,
  expires_at: v.pipe(v.number(), v.safeInteger()),
});

/** The members of all kinds of items. An item has some of them. */
export const STORED_MEMBERS: ReadonlySet<string> = new Set(
  [Group, StudyActivity, OwnedSession, ExpiringSession].flatMap(({ entries }) => Object.keys(entries)),
);

/** The record of an idempotency key. */
export interface KeyRecord {
  readonly pk: string;
  /** The key's hash, which its session has as its owner. */
  readonly owner: string;
  readonly session: StudySession;
}

export type StoredItem =
  | { readonly kind: "counter" | "portalCopy" | "group" | "studyActivity" }
  | { readonly kind: "studySession"; readonly session: StudySession; readonly keyHash: string | undefined }
  | { readonly kind: "idempotencyKey"; readonly record: KeyRecord; readonly expiresAt: number };

const readMembers = <Output>(schema: v.GenericSchema<unknown, Output>, item: Item): Output => {
  const { success, output, issues } = v.safeParse(schema, item);
  if (success) return output;
  const members = new Set(issues.map((issue) => v.getDotPath(issue)));
  throw new Error(`missing or wrong: ${[...members].join(", ")}`);
};

const checkKey = (item: Item, id: number, expected: string) => {
  if (item.pk !== expected) throw new Error(`its id is ${id}, which does not match its key`);
};

const readSession = (item: Item): StoredItem => {
  const { owner, ...session } = readMembers(OwnedSession, item);
  checkKey(item, session.id, pk.studySession(session.id));
  return { kind: "studySession", session, keyHash: keyHashOf(owner) };
};

const readRecord = (item: Item): StoredItem => {
  const owner = keyHashOf(item.pk.slice(PREFIX.idempotencyKey.length));
  if (owner === undefined) throw new Error("its key is not the hash of an idempotency key");
  const { expires_at, ...session } = readMembers(ExpiringSession, item);
  return { kind: "idempotencyKey", record: { pk: item.pk, owner, session }, expiresAt: expires_at };
};

/**
 * Reads an item as the service would.
 * @throws Error that says what is wrong with the item
 */
export const readStoredItem = (item: Item): StoredItem => {
  if (item.pk === pk.counter) return { kind: "counter" };
  if (item.pk === pk.portalCopy || item.pk === pk.portalBlocks) return { kind: "portalCopy" };
  if (item.pk.startsWith(PREFIX.studySession)) return readSession(item);
  if (item.pk.startsWith(PREFIX.idempotencyKey)) return readRecord(item);
  if (item.pk.startsWith(PREFIX.group)) {
    const { id } = readMembers(Group, item);
    checkKey(item, id, pk.group(id));
    return { kind: "group" };
  }
  if (item.pk.startsWith(PREFIX.studyActivity)) {
    const { id } = readMembers(StudyActivity, item);
    checkKey(item, id, pk.studyActivity(id));
    return { kind: "studyActivity" };
  }
  throw new Error("an item of an unknown kind");
};
