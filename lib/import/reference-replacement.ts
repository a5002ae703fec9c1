import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type ReferenceData, toItems } from "../database/reference-data.ts";
import { readStoredReferences, type StoredReference } from "../database/stored-references.ts";
import type { PortalData } from "./portal/portal-database.ts";

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly data: ReferenceData;
}

/**
 * Finds the groups and study activities of the table that the data does not have, sorted by key.
 * @throws what the client throws
 */
export const findObsoleteReferences = async ({
  client,
  tableName,
  data,
}: Options): Promise<readonly StoredReference[]> => {
  const keys = new Set(toItems(data).map(({ pk }) => pk));
  const stored = await readStoredReferences(client, tableName);
  const inOrder = new Intl.Collator("en", { numeric: true });
  return stored.filter(({ pk }) => !keys.has(pk)).sort((one, other) => inOrder.compare(one.pk, other.pk));
};

/**
 * Checks that the data can take the place of all groups and study activities of a table.
 * @throws Error when it has no group or no study activity, since the service could create no session any more, and when
 *   the table would lose one only because its row can't be taken
 */
export const checkReplacement = (data: Pick<PortalData, keyof ReferenceData | "refusedReferences">) => {
  const { groups, study_activities, refusedReferences } = data;
  if (groups.length === 0 || study_activities.length === 0) {
    const missing = groups.length === 0 ? "group" : "study activity";
    throw new Error(`--replace needs at least one group and one study activity: the file has no ${missing}`);
  }
  if (refusedReferences > 0) {
    const rows = `${refusedReferences} of them ${refusedReferences === 1 ? "is" : "are"} refused`;
    throw new Error(
      `--replace needs every group and study activity of the file: ${rows}, as --dry-run shows`,
    );
  }
};
