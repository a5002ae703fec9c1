import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PREFIX } from "../../functions/sessions/item-keys.ts";
import { type ReferenceData, toItems } from "../database/reference-data.ts";
import { reserveIds } from "./id-reservation.ts";
import { type Item, writeItems } from "./item-writer.ts";
import type { PortalData } from "./portal/portal-database.ts";
import { writeSessions } from "./session-writer.ts";

type Data = Pick<PortalData, keyof ReferenceData | "highestSessionId" | "sessionCount" | "readSessions">;

export interface RefusedRow {
  readonly table: keyof ReferenceData | "study_sessions";
  readonly id: unknown;
  /** All rows that are refused for one cause have the same text. */
  readonly reason: string;
  /** The details belong to this row alone, and may be empty. */
  readonly details: string;
}

interface Options {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly data: Data;
  /** The keys of groups and study activities to delete. */
  readonly obsoleteKeys: readonly string[];
  /** Called for each row that the table can't take. */
  readonly onRefused: (row: RefusedRow) => void;
  /** Called before many rows are written. The returned function is called with how many of the total are done. */
  readonly startProgress: (total: number, what: string) => (done: number) => void;
}

/**
 * Writes groups, study activities and sessions, and may be repeated at any time. The service may be running: the ids
 * are reserved first, so that it gives none of them to a new session.
 * @returns how many rows of each kind the table has now, and how many sessions it had before
 * @throws Error when the table has no capacity for a long time or its counter can't be used, and what the client throws
 */
export const writeData = async (options: Options) => {
  const { client, tableName, data, obsoleteKeys, onRefused, startProgress } = options;
  const table = { client, tableName };
  const reservedIds = await reserveIds({ ...table, highestId: data.highestSessionId });
  const counts = { groups: data.groups.length, study_activities: data.study_activities.length };
  const refuseItem = ({ pk, id }: Item, reason: string) => {
    const kind = pk.startsWith(PREFIX.group) ? "groups" : "study_activities";
    counts[kind]--;
    onRefused({ table: kind, id, reason, details: "" });
  };
  const items = toItems(data);
  await writeItems({
    ...table,
    items,
    obsoleteKeys,
    onRefused: refuseItem,
    onProgress: startProgress(items.length + obsoleteKeys.length, "groups and study activities"),
  });
  const { written, repeated } = await writeSessions({
    ...table,
    sessions: data.readSessions(),
    reservedIds,
    onRefused: (session) => onRefused({ table: "study_sessions", ...session }),
    onProgress: startProgress(data.sessionCount, "study sessions"),
  });
  return { ...counts, study_sessions: written + repeated, repeated };
};
