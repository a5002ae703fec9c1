import { isDeepStrictEqual } from "node:util";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PREFIX, pk } from "../../functions/sessions/item-keys.ts";
import { type ReferenceData, toItems } from "../database/reference-data.ts";
import { writeItems } from "../import/item-writer.ts";
import type { IdRange, StoredCopyState } from "./copy-state.ts";
import { findReferenceKeys, readItems, type ServiceTable } from "./service-table.ts";
import type { OnProblem } from "./session-copier.ts";

type Item = ReturnType<typeof toItems>[number];

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly stored: StoredCopyState;
  readonly service: ServiceTable;
  /** If true, nothing is written. */
  readonly isDryRun: boolean;
  readonly onProblem: OnProblem;
}

interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export interface ReferenceChanges {
  readonly groups: Changes;
  readonly study_activities: Changes;
}

const toRanges = (ids: readonly number[]) => {
  const ranges: [first: number, last: number][] = [];
  for (const id of ids.toSorted((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range && range[1] >= id - 1) range[1] = id;
    else ranges.push([id, id]);
  }
  return ranges;
};

const fromRanges = (ranges: readonly IdRange[] = []) =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

const idsOf = (keys: readonly string[], prefix: string) =>
  keys.flatMap((key) => (key.startsWith(prefix) ? [Number(key.slice(prefix.length))] : []));

/** The portal's groups and study activities. */
interface PortalReferences extends ReferenceData {
  /** The ids of the rows that can't be taken. */
  readonly refused: Readonly<Record<keyof ReferenceData, readonly number[]>>;
}

const findMissing = ({ groups, study_activities }: ReferenceData) => {
  if (groups.length === 0) return "groups";
  return study_activities.length === 0 ? "study activities" : undefined;
};

const toKeys = ({ groups, study_activities }: PortalReferences["refused"]) => [
  ...groups.map(pk.group),
  ...study_activities.map(pk.studyActivity),
];

/** The items of the table by their keys. */
type Known = ReadonlyMap<string, unknown>;

interface Difference {
  readonly changed: readonly Item[];
  readonly obsoleteKeys: readonly string[];
}

interface Wanted {
  readonly items: readonly Item[];
  /** The keys of items that stay as they are. */
  readonly kept: readonly string[];
}

const compare = ({ items, kept }: Wanted, known: Known): Difference => {
  const keys = new Set([...items.map(({ pk }) => pk), ...kept]);
  return {
    changed: items.filter((item) => !isDeepStrictEqual(known.get(item.pk), item)),
    obsoleteKeys: [...known.keys()].filter((key) => !keys.has(key)),
  };
};

const count = ({ changed, obsoleteKeys }: Difference, known: Known, prefix: string): Changes => {
  const written = changed.filter(({ pk }) => pk.startsWith(prefix));
  const added = written.filter(({ pk }) => !known.has(pk)).length;
  const removed = obsoleteKeys.filter((key) => key.startsWith(prefix)).length;
  return { added, changed: written.length - added, removed };
};

/** Finds the keys that the table may have: those of the last copy, or all before the first copy. */
const findKeys = ({ stored, service }: Options) => {
  const { groups, studyActivities } = stored.get();
  if (groups === undefined) return findReferenceKeys(service);
  return [...fromRanges(groups).map(pk.group), ...fromRanges(studyActivities).map(pk.studyActivity)];
};

const readKnown = async (options: Options, keys: readonly string[]): Promise<Known> =>
  readItems(options.service, [...new Set([...(await findKeys(options)), ...keys])]);

const remember = ({ stored }: Options, keys: readonly string[]) =>
  stored.update({
    groups: toRanges(idsOf(keys, PREFIX.group)),
    studyActivities: toRanges(idsOf(keys, PREFIX.studyActivity)),
  });

/** @returns the keys of the items that the table can't take */
const write = async (options: Options, { changed: items, obsoleteKeys }: Difference) => {
  const { client, tableName, isDryRun, onProblem } = options;
  const refused = new Set<string>();
  if (isDryRun) return refused;
  const onRefused = ({ pk }: { readonly pk: string }, reason: string) => {
    refused.add(pk);
    onProblem(`${pk} can't be copied: ${reason}`);
  };
  await writeItems({ client, tableName, items, obsoleteKeys, onRefused, onProgress: () => {} });
  return refused;
};

/**
 * Copies the portal's groups and study activities into the table, which then has exactly these. Where the portal has a
 * row that can't be taken, the table keeps its item. Sessions stay.
 * @returns a function that writes what differs, and returns how much that was. It does nothing when the portal has no
 *   groups or no study activities
 */
export const createReferenceCopy = (options: Options) => {
  let known: Known | undefined;

  return async (data: PortalReferences): Promise<ReferenceChanges | undefined> => {
    const missing = findMissing(data);
    if (missing !== undefined) {
      const isRefused = Object.values(data.refused).some((ids) => ids.length > 0);
      const kind = isRefused ? `${missing} that can be copied` : missing;
      options.onProblem(`The portal has no ${kind}, so the table keeps its groups and study activities`);
      return undefined;
    }
    const items = toItems(data);
    const keys = items.map(({ pk }) => pk);
    const before = known ?? (await readKnown(options, keys));
    const kept = toKeys(data.refused).filter((key) => before.has(key));
    const difference = compare({ items, kept }, before);
    // Stored before the items are written, so that a later pass can delete them even after a crash.
    await remember(options, [...before.keys(), ...keys]);
    const refused = await write(options, difference);
    await remember(options, [...new Set([...keys, ...kept])]);
    known = new Map([
      ...kept.map((key) => [key, before.get(key)] as const),
      ...items.filter(({ pk }) => !refused.has(pk)).map((item) => [item.pk, item] as const),
    ]);
    return {
      groups: count(difference, before, PREFIX.group),
      study_activities: count(difference, before, PREFIX.studyActivity),
    };
  };
};
