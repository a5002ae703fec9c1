import { pk } from "../../functions/sessions/item-keys.ts";
import type { Finding } from "./finding.ts";
import type { Inventory } from "./inventory.ts";
import type { TableReader } from "./table-reader.ts";

/** Finds groups and study activities that sessions name, and that are not in the table. */
export const findUnknownReferences = async (
  { references, naming }: Inventory,
  reader: TableReader,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const [reference, { firstId, sessions }] of naming) {
    // The scan may have missed it, or it may be unreadable: the service only looks for its key.
    if (references.has(reference) || (await reader.read(reference))) continue;
    const others = sessions === 1 ? "" : ` and ${sessions - 1} more`;
    const namedBy = `${pk.studySession(firstId)}${others}`;
    findings.push({
      message: `${reference} is named by ${namedBy}, but is not in the table. This is expected if it was deleted`,
    });
  }
  return findings;
};
