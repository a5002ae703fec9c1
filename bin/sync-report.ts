import { toPrintableLines } from "../lib/printable.ts";
import type { ReferenceChanges } from "../lib/sync/reference-copy.ts";
import type { PassChanges } from "../lib/sync/sync-loop.ts";

/** This is more than a person reads. */
const MAX_REMEMBERED = 1000;

/** Prints each line and each hint once, as long as few are printed. The hints of the first list follow the list. */
export const createProblemPrinter = () => {
  const printed = new Set<string>();
  const waiting = new Set<string>();
  let isListing = true;
  const print = (text: string) => {
    if (printed.has(text)) return;
    if (printed.size > MAX_REMEMBERED) printed.clear();
    printed.add(text);
    console.error(toPrintableLines(text));
  };
  return {
    onProblem: (line: string, hint?: string) => {
      print(line);
      if (hint === undefined) return;
      if (isListing) waiting.add(hint);
      else print(hint);
    },
    /** Ends the first list. */
    endList: () => {
      isListing = false;
      waiting.forEach(print);
    },
  };
};

interface Noun {
  readonly one: string;
  readonly many: string;
}

const SESSION: Noun = { one: "study session", many: "study sessions" };
const GROUP: Noun = { one: "group", many: "groups" };
const ACTIVITY: Noun = { one: "study activity", many: "study activities" };

/** @returns texts such as `2 groups added`, and none for 0 */
const formatCount = (count: number, { one, many }: Noun, change: string) =>
  count > 0 ? [`${count} ${count === 1 ? one : many} ${change}`] : [];

const formatKind = (changes: ReferenceChanges["groups"], noun: Noun) =>
  Object.entries(changes).flatMap(([change, count]) => formatCount(count, noun, change));

interface Places {
  readonly file: string;
  readonly tableName: string;
}

interface FirstUse extends Places {
  /** True if the service has already created sessions. */
  readonly hasOwnSessions: boolean;
}

/** Suggests a backup before a file is changed for the first time. Names what the file gets from a trial. */
export const formatFirstUse = ({ file, tableName, hasOwnSessions }: FirstUse) => {
  const backup = `${file} is shared for the first time. Keep a backup: the study sessions of the service are added to it`;
  const trial = `. ${tableName} has such sessions already. If they are from a trial, end the command, restore the backup, and delete the table's data`;
  return hasOwnSessions ? backup + trial : backup;
};

/** Says in a dry run of the first copy that the file may get sessions of a trial. */
export const formatTrial = (tableName: string) =>
  `${tableName} has study sessions of the service already. If they are from a trial, delete the table's data before the first copy`;

/** @returns one line that says what was copied, or undefined when that was nothing */
export const formatChanges = (
  { inserted, references, imported = 0 }: PassChanges,
  { file, tableName }: Places,
) => {
  const places = [
    [file, formatCount(inserted, SESSION, "added")] as const,
    [
      tableName,
      [
        ...formatCount(imported, SESSION, "added"),
        ...(references ? formatKind(references.groups, GROUP) : []),
        ...(references ? formatKind(references.study_activities, ACTIVITY) : []),
      ],
    ] as const,
  ].filter(([, changes]) => changes.length > 0);
  if (places.length === 0) return undefined;
  return places.map(([place, changes]) => `${place}: ${changes.join(", ")}`).join(". ");
};
