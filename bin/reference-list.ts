import type { Reference, References } from "../lib/database/stored-references.ts";

const formatList = (title: string, references: readonly Reference[]) => {
  const width = String(references.at(-1)?.id).length;
  const lines = references.map(({ id, name }) => `  ${String(id).padStart(width)}  ${name}`);
  return [title, ...(lines.length > 0 ? lines : ["  none"])].join("\n");
};

/** A line for each group and study activity, with its id and name. */
export const formatReferences = ({ groups, study_activities }: References) =>
  [formatList("Groups", groups), formatList("Study activities", study_activities)].join("\n\n");
