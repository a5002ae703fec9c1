import { pk } from "../../../functions/sessions/item-keys.ts";
import { isSessionOf, type StudySession } from "../../../functions/sessions/study-session.ts";
import { UNNEEDED } from "./configurations.ts";
import { isFault } from "./faults.ts";
import type { Item, Items } from "./simulated-table.ts";
import type { HeldCall, Outcome, PlannedRequest } from "./store-process.ts";
import type { RunningProcess, World } from "./world.ts";

/** The items that the table held at the start. */
type Past = Items;

/** A request that got its response in a step. */
interface Completed {
  readonly past: Past;
  readonly world: World;
  readonly process: RunningProcess;
  readonly request: PlannedRequest;
  readonly outcome: Outcome;
}

/**
 * Checks what must be true after every step. A stored session never changes, so a session that is stored when its
 * request completes is also stored at the end.
 * @returns the first promise that the step from `before` to `world` breaks
 */
export const findBrokenPromise = (past: Past, before: World, world: World) => {
  if (before.table !== world.table) {
    const problem =
      findOverwritten(before.table.items, world.table.items) ?? findSecondSession(past, world.table.items);
    if (problem) return problem;
  }
  for (const completed of completedBy(past, before, world)) {
    const problem = checkOutcome(completed);
    if (problem) return problem;
  }
  return undefined;
};

const findOverwritten = (before: Items, after: Items) => {
  for (const [key, item] of before) {
    if (isSession(item) && !isSame(after.get(key), item)) return `${key} is overwritten`;
  }
  return undefined;
};

/** An expired key may be used again: it then has a session from before. */
const findSecondSession = (past: Past, items: Items) => {
  const pastTimes = new Set([...past.values()].map(({ created_at }) => created_at));
  const owners = new Set<string>();
  for (const [key, { owner, created_at }] of items) {
    if (past.has(key) || owner === undefined) continue;
    const use = `${owner}${pastTimes.has(created_at) ? " in the past" : ""}`;
    if (owners.has(use)) return `There are two sessions of ${use}`;
    owners.add(use);
  }
  return undefined;
};

const completedBy = (past: Past, before: World, world: World): readonly Completed[] =>
  world.processes.flatMap((process, index) => {
    const known = before.processes[index]?.moment.outcomes;
    if (known?.size === process.moment.outcomes.size) return [];
    return process.plan.requests.flatMap((request) => {
      const outcome = process.moment.outcomes.get(request.name);
      return outcome && !known?.has(request.name) ? [{ past, world, process, request, outcome }] : [];
    });
  });

const checkOutcome = (completed: Completed) => {
  if (completed.outcome.status === 201) return checkCreated(completed);
  if (isJustified(completed)) return undefined;
  return `${completed.request.name} gets ${completed.outcome.status} without a reason`;
};

const checkCreated = (completed: Completed) => {
  const { request, outcome } = completed;
  if (!outcome.session || !isSessionOf(outcome.session, request.request)) {
    return `${request.name} gets ${JSON.stringify(outcome)}, which it did not ask for`;
  }
  if (isReplay(completed) && !outcome.isReplay) return `${request.name} is a replay that does not say so`;
  return checkStored(completed, outcome.session) ?? checkSame(completed, outcome.session);
};

const checkStored = ({ world, request }: Completed, session: StudySession) => {
  const key = pk.studySession(session.id);
  const item = world.table.items.get(key);
  if (isSame(item, { pk: key, ...session, owner: ownerOf(request) })) return undefined;
  return `${request.name} gets ${JSON.stringify(session)}, but stored is ${JSON.stringify(item)}`;
};

const checkSame = ({ past, world, request }: Completed, session: StudySession) => {
  if (request.keyHash === undefined) return undefined;
  const olderTime = past.get(recordKeyOf(request))?.created_at;
  const isOlder = ({ created_at }: StudySession) => created_at === olderTime;
  for (const [name, other] of sessionsOfKey(world, request.keyHash)) {
    if (JSON.stringify(other) === JSON.stringify(session)) continue;
    if (isExpired(past, world, request) && isOlder(other) !== isOlder(session)) continue;
    return `${name} gets ${JSON.stringify(other)}, ${request.name} ${JSON.stringify(session)}`;
  }
  return undefined;
};

const isJustified = (completed: Completed) => {
  const { past, world, process, request, outcome } = completed;
  const { items } = world.table;
  switch (outcome.status) {
    case 404:
      return !hasReferences(items, request) && !hasFoundRecord(completed);
    case 422:
      return !hasMembers(items.get(recordKeyOf(request)), request);
    case 500:
      return process.moment.refusals.get(request.name) === 3 || hasNeededFault(completed);
    case 503:
      return hasNeededFault(completed) || isExpired(past, world, request);
    default:
      return false;
  }
};

const recordKeyOf = ({ keyHash = "" }: PlannedRequest) => pk.idempotencyKey(keyHash);

const ownerOf = ({ keyHash, name }: PlannedRequest) => keyHash ?? name;

const isExpired = (past: Past, { table }: World, request: PlannedRequest) => {
  const key = recordKeyOf(request);
  return past.has(key) && !isSame(table.items.get(key), past.get(key));
};

const isSame = (one: Item | undefined, other: Item | undefined) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

const isSession = ({ pk }: Item) => pk.startsWith("study_session#");

const sessionsOfKey = ({ processes }: World, key: string) =>
  processes.flatMap(({ plan, moment }) =>
    plan.requests.flatMap(({ name, keyHash }) => {
      const session = moment.outcomes.get(name)?.session;
      return session && keyHash === key ? [[name, session] as const] : [];
    }),
  );

const hasReferences = (items: Items, { request }: PlannedRequest) =>
  items.has(pk.group(request.group_id)) && items.has(pk.studyActivity(request.study_activity_id));

const hasMembers = (record: Item | undefined, { request }: PlannedRequest) =>
  record === undefined || Object.entries(request).every(([member, value]) => record[member] === value);

const isOfRecord = ({ operation }: HeldCall) => operation.name === "GetItem idempotency_key";

/** Checks whether the first read of the key's record found it. */
const hasFoundRecord = ({ process, request }: Completed) => {
  const read = process.moment.events.find(
    (event) => event.kind === "reply" && event.call.request === request && isOfRecord(event.call),
  );
  return read?.kind === "reply" && read.reply.output?.Item !== undefined;
};

/** Checks whether the key has a record, and the session can be stored under the id of the record. */
const isReplay = (completed: Completed) =>
  hasFoundRecord(completed) && !completed.process.moment.refusals.has(completed.request.name);

/** A replay needs neither an id nor the group and the study activity. */
const hasNeededFault = (completed: Completed) => {
  const { process, request } = completed;
  return process.moment.events.filter(isFault).some((event) => {
    if (event.kind !== "reply") return event.request === request;
    return (
      event.call.request === request && !(isReplay(completed) && UNNEEDED.test(event.call.operation.name))
    );
  });
};
