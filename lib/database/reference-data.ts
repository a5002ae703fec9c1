import * as v from "valibot";
import { pk } from "../../functions/item-keys.ts";
import { Id } from "../../functions/study-session.ts";

const Text = v.pipe(v.string(), v.nonEmpty());

export const ReferenceData = v.object({
  groups: v.array(
    v.object({ id: Id, name: Text, words_count: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ),
  study_activities: v.array(v.object({ id: Id, name: Text, url: Text, preview_url: Text })),
});
export type ReferenceData = v.InferOutput<typeof ReferenceData>;

/** `groups row 3, name: Invalid type: Expected string but received null` */
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
  const { success, output, issues } = v.safeParse(ReferenceData, data);
  const faults = success ? findRepeatedIds(output) : issues.map(describeIssue);
  if (success && faults.length === 0) return output;
  throw new Error(faults.join("\n"));
};

/** The items of the table that stand for the data. */
export const toItems = ({ groups, study_activities }: ReferenceData) => [
  ...groups.map((group) => ({ pk: pk.group(group.id), ...group })),
  ...study_activities.map((activity) => ({ pk: pk.studyActivity(activity.id), ...activity })),
];
