import type { Reference } from "../lib/database/stored-references.ts";
import { toPrintable } from "../lib/printable.ts";

const MAX_IN_LINE = 10;

/** Formats the first groups or study activities in one line: `1 Core Verbs, 2 Core Adjectives`. */
export const formatReferenceLine = (references: readonly Reference[]) => {
  const first = references.slice(0, MAX_IN_LINE).map(({ id, name }) => `${id} ${toPrintable(name)}`.trim());
  const rest = references.length - first.length;
  return first.join(", ") + (rest > 0 ? `, and ${rest} more` : "");
};
