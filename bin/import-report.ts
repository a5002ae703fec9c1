import type { Reference, References, StoredReference } from "../lib/database/stored-references.ts";
import { toPrintable } from "../lib/printable.ts";

const formatList = (title: string, references: readonly Reference[]) => {
  const width = String(references.at(-1)?.id).length;
  const lines = references.map(({ id, name }) => `  ${String(id).padStart(width)}  ${toPrintable(name)}`);
  return [title, ...(lines.length > 0 ? lines : ["  none"])].join("\n");
};

/** Formats each group and study activity as a line with its id and name. */
export const formatReferences = ({ groups, study_activities }: References) =>
  [formatList("Groups", groups), formatList("Study activities", study_activities)].join("\n\n");

interface Replacement {
  readonly tableName: string;
  readonly file: string;
}

/** Lists the groups and study activities that a replacement deletes, one in a line. */
export const formatObsolete = (obsolete: readonly StoredReference[], { tableName, file }: Replacement) => {
  if (obsolete.length === 0) return `${tableName} has no group or study activity that ${file} does not have`;
  const lines = obsolete.map(({ pk, name }) => `  ${toPrintable(`${pk} ${name}`.trim())}`);
  return [`--replace deletes from ${tableName} what ${file} does not have:`, ...lines].join("\n");
};
