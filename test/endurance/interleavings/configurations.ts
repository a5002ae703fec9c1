import { pk } from "../../../functions/sessions/item-keys.ts";
import { deleteItem, type Item, type Operation, putItem } from "./simulated-table.ts";
import type { PlannedProcess, PlannedRequest } from "./store-process.ts";

export interface Configuration {
  readonly name: string;
  readonly processes: readonly PlannedProcess[];
  /** The highest number of faults. */
  readonly faults: number;
  /** Items that the table holds at the start, besides a group and a study activity. */
  readonly items?: readonly Item[];
  /** Events that change the table at any time, or never. */
  readonly incidents?: readonly Operation[];
  /** If true, the explorer chooses when the group and the study activity are read. */
  readonly holdsReferences?: boolean;
  /** Calls that never get a response, by the start of their names. */
  readonly hanging?: RegExp;
  /** Every status that a response has. */
  readonly statuses: readonly number[];
}

const REQUEST = { group_id: 1, study_activity_id: 2 };
const NOW = Date.parse("2026-01-03T00:00:00.000Z");
const OLDER = "2026-01-01T00:00:00.000Z";

export const REFERENCES: readonly Item[] = [
  { pk: pk.group(1), id: 1 },
  { pk: pk.studyActivity(2), id: 2 },
  { pk: pk.studyActivity(3), id: 3 },
];

const unkeyed = (name: string, changes: Partial<PlannedRequest> = {}): PlannedRequest => ({
  name,
  request: REQUEST,
  now: NOW + name.charCodeAt(0),
  ...changes,
});

const keyed = (name: string, changes: Partial<PlannedRequest> = {}) =>
  unkeyed(name, { keyHash: "key", ...changes });

const alone = (...requests: readonly PlannedRequest[]): PlannedProcess[] =>
  requests.map((request) => ({ requests: [request] }));

/** Plans a last request, to which no fault happens. */
const retry = (after: readonly string[]): PlannedProcess => ({
  requests: [keyed("retry", { after })],
  isQuiet: true,
});

const sessionOf = (owner: string, id: number): Item => ({
  pk: pk.studySession(id),
  id,
  ...REQUEST,
  created_at: OLDER,
  owner,
});

const recordOf = (id: number): Item => ({
  pk: pk.idempotencyKey("key"),
  id,
  ...REQUEST,
  created_at: OLDER,
  expires_at: NOW / 1000,
});

const others = (...ids: readonly number[]) => ids.map((id) => sessionOf(`other ${id}`, id));

const counterAt = (last_id: number): Item => ({ pk: pk.counter, last_id });

const counterIsPutBack = putItem(counterAt(0), () => true);

/** Each request has a process of its own; the retry starts when all of them are over. */
const withRetry = (...requests: readonly PlannedRequest[]) => [
  ...alone(...requests),
  retry(requests.map(({ name }) => name)),
];

const blocks = (idBlockSize: number, processes: readonly PlannedProcess[]) =>
  processes.map((process) => ({ ...process, idBlockSize }));

const remembering = (processes: readonly PlannedProcess[]) =>
  processes.map((process) => ({ ...process, references: "remembered" as const }));

const knowing = (processes: readonly PlannedProcess[]) =>
  processes.map((process) => ({ ...process, references: "known" as const }));

const ONE = withRetry(keyed("A"));
const PAIR = withRetry(keyed("A"), keyed("B"));
const SHARED = [{ requests: [keyed("A"), keyed("B", { twin: "A" })] }, retry(["A", "B"])];
const TWO_UNKEYED = [
  { requests: [unkeyed("A"), unkeyed("B", { after: ["A"] })] },
  { requests: [unkeyed("C"), unkeyed("D", { after: ["C"] })] },
];
const SHARED_UNKEYED = [{ requests: [unkeyed("A"), unkeyed("B"), unkeyed("C", { after: ["A"] })] }];
const IN_TURN = [
  { requests: [keyed("A"), keyed("B", { keyHash: "other", after: ["A"] })] },
  retry(["A", "B"]),
];
const UNKEYED = alone(unkeyed("A"), unkeyed("B"));
const REPLAY_AFTER = withRetry(keyed("A"), keyed("B", { after: ["A"] }));
const OTHER_IDS = withRetry(keyed("A"), keyed("B", { request: { group_id: 1, study_activity_id: 3 } }));

const olderUse = sessionOf("key", 1);
const recordExpires = deleteItem(pk.idempotencyKey("key"), (record) => record?.created_at === OLDER);
const groupIsDeleted = deleteItem(pk.group(1), () => true);

/** A replay needs the response of none of these calls. */
export const UNNEEDED = /^(UpdateItem counter|GetItem group|GetItem study_activity)#/;

const STATUSES = [201, 500, 503];

export const CONFIGURATIONS: readonly Configuration[] = [
  { name: "one request with a key", processes: ONE, faults: 3 },
  {
    name: "one request with a key, reads of references held",
    processes: ONE,
    faults: 2,
    holdsReferences: true,
  },
  { name: "two requests with one key", processes: PAIR, faults: 2 },
  {
    name: "two requests with one key, reads of references held",
    processes: PAIR,
    faults: 1,
    holdsReferences: true,
  },
  {
    name: "three requests with one key",
    processes: withRetry(keyed("A"), keyed("B"), keyed("C")),
    faults: 0,
    statuses: [201],
  },
  { name: "a replay after the first request", processes: REPLAY_AFTER, faults: 2 },
  { name: "one key with other ids", processes: OTHER_IDS, faults: 1, statuses: [201, 422, 500, 503] },
  { name: "two requests without a key", processes: UNKEYED, faults: 2, holdsReferences: true },
  { name: "no key, the counter is put back", processes: UNKEYED, faults: 1, incidents: [counterIsPutBack] },
  { name: "blocks of ids in two processes", processes: blocks(2, TWO_UNKEYED), faults: 1 },
  { name: "blocks of ids in one process", processes: blocks(3, SHARED_UNKEYED), faults: 1 },
  { name: "blocks of ids in one process, one key", processes: blocks(2, SHARED), faults: 1 },
  {
    name: "blocks of ids, the counter is put back",
    processes: blocks(3, SHARED_UNKEYED),
    faults: 1,
    incidents: [counterIsPutBack],
  },
  {
    name: "the counter is put back in the middle",
    processes: PAIR,
    faults: 1,
    incidents: [counterIsPutBack],
  },
  {
    name: "requests with and without a key, the counter is put back",
    processes: [...alone(unkeyed("U")), ...ONE],
    faults: 1,
    incidents: [counterIsPutBack],
  },
  { name: "an older session of the key has the next id", processes: PAIR, faults: 1, items: [olderUse] },
  {
    name: "the record of an older session expires",
    processes: PAIR,
    faults: 1,
    items: [olderUse, recordOf(1), counterAt(1)],
    incidents: [recordExpires],
  },
  {
    name: "the record of an older session expires, the counter is put back",
    processes: PAIR,
    faults: 1,
    items: [olderUse, recordOf(1)],
    incidents: [recordExpires],
  },
  {
    name: "the record of a missing session expires",
    processes: PAIR,
    faults: 1,
    items: [recordOf(1), counterAt(1)],
    incidents: [recordExpires],
  },
  { name: "the next two ids are taken", processes: REPLAY_AFTER, faults: 1, items: others(1, 2) },
  { name: "the next four ids are taken", processes: REPLAY_AFTER, faults: 1, items: others(1, 2, 3, 4) },
  {
    name: "the record has the id of another request",
    processes: REPLAY_AFTER,
    faults: 1,
    items: [recordOf(1), ...others(1)],
  },
  {
    name: "the record has the id of another request, two requests at a time",
    processes: PAIR,
    faults: 0,
    items: [recordOf(1), ...others(1)],
    statuses: [201],
  },
  {
    name: "replays whose other calls hang",
    processes: PAIR,
    faults: 0,
    items: [olderUse, recordOf(1)],
    holdsReferences: true,
    hanging: UNNEEDED,
    statuses: [201],
  },
  {
    name: "replays whose other calls fail",
    processes: ONE,
    faults: 2,
    items: [olderUse, recordOf(1)],
    holdsReferences: true,
  },
  {
    name: "the group is deleted",
    processes: REPLAY_AFTER,
    faults: 1,
    incidents: [groupIsDeleted],
    holdsReferences: true,
    statuses: [201, 404, 500, 503],
  },
  { name: "known references, one request with a key", processes: knowing(ONE), faults: 3 },
  { name: "known references, two requests with one key", processes: knowing(PAIR), faults: 1 },
  { name: "known references, a replay after the first request", processes: knowing(REPLAY_AFTER), faults: 1 },
  { name: "known references, two requests without a key", processes: knowing(UNKEYED), faults: 2 },
  {
    name: "known references, the group is deleted",
    processes: knowing(REPLAY_AFTER),
    faults: 1,
    incidents: [groupIsDeleted],
  },
  {
    name: "references are remembered, the group is deleted",
    processes: remembering(IN_TURN),
    faults: 1,
    incidents: [groupIsDeleted],
    holdsReferences: true,
    statuses: [201, 404, 500, 503],
  },
  {
    name: "known references, blocks of ids in one process, the counter is put back",
    processes: knowing(blocks(3, SHARED_UNKEYED)),
    faults: 1,
    incidents: [counterIsPutBack],
  },
  {
    name: "known references, blocks of ids in one process, one key",
    processes: knowing(blocks(2, SHARED)),
    faults: 0,
    statuses: [201],
  },
].map((configuration) => ({ statuses: STATUSES, ...configuration }));
