import * as v from "valibot";
import { pk } from "../../functions/sessions/item-keys.ts";
import { Id } from "../../functions/sessions/study-session.ts";

const { MAX_SAFE_INTEGER } = Number;

/** The message of a schema says what the value must be. */
const RowId = v.message(Id, `must be a whole number from 1 to ${MAX_SAFE_INTEGER}`);
const Name = v.message(v.pipe(v.string(), v.nonEmpty()), "must be a text that is not empty");
const WordsCount = v.message(
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  `must be a whole number from 0 to ${MAX_SAFE_INTEGER}`,
);
const OptionalText = v.nullish(v.string("must be a text"), "");

/** The members of a group and of a study activity. Only the id and the name are necessary. */
export const GROUP = { id: RowId, name: Name, words_count: v.nullish(WordsCount, 0) } as const;
export const STUDY_ACTIVITY = {
  id: RowId,
  name: Name,
  url: OptionalText,
  preview_url: OptionalText,
} as const;

/** An object schema reports a missing member as well: the issue then expects the member's name. */
const isMissing = ({ expected }: v.ObjectIssue) => expected !== "Object";

const rowsOf = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.array(
    v.object(entries, (issue) => (isMissing(issue) ? "is missing" : "must be an object")),
    "must be a list",
  );

export const ReferenceData = v.object(
  {
    groups: rowsOf(GROUP),
    study_activities: rowsOf(STUDY_ACTIVITY),
  },
  (issue) => (isMissing(issue) ? "is missing" : "must be an object with groups and study_activities"),
);
export type ReferenceData = v.InferOutput<typeof ReferenceData>;

/** `groups row 3, name: must be a text that is not empty` */
const describeIssue = ({ path, message }: v.InferIssue<typeof ReferenceData>) => {
  const [list, row, member] = path?.map(({ key }) => key) ?? [];
  const place = [list, row !== undefined && ` row ${Number(row) + 1}`, member && `, ${member}`];
  return list === undefined ? message : `${place.filter(Boolean).join("")}: ${message}`;
};

const findRepeatedIds = (data: ReferenceData) =>
  Object.entries(data).flatMap(([list, rows]) => {
    const rowOfId = new Map<number, number>();
    return rows.flatMap(({ id }, index) => {
      const row = rowOfId.get(id);
      rowOfId.set(id, row ?? index + 1);
      return row === undefined ? [] : [`${list} row ${index + 1}, id: ${id} is in row ${row} already`];
    });
  });

/**
 * Checks groups and study activities, and keeps only the members that the service knows.
 * @throws Error with a line for each fault, naming its row, counted from 1
 */
export const parseReferenceData = (data: unknown): ReferenceData => {
  const { success, output, issues } = v.safeParse(ReferenceData, data, { abortPipeEarly: true });
  const faults = success ? findRepeatedIds(output) : issues.map(describeIssue);
  if (success && faults.length === 0) return output;
  throw new Error(faults.join("\n"));
};

/** Makes the items of groups and study activities. */
export const toItems = ({ groups, study_activities }: ReferenceData) => [
  ...groups.map((group) => ({ pk: pk.group(group.id), ...group })),
  ...study_activities.map((activity) => ({ pk: pk.studyActivity(activity.id), ...activity })),
];
