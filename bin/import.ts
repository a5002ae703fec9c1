import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { toItems } from "../lib/database/reference-data.ts";
import { writeItems } from "../lib/import/item-writer.ts";
import { isSqliteFile, type PortalData, readPortalDatabase } from "../lib/import/portal-database.ts";
import { readReferenceDataFile } from "../lib/import/reference-data-file.ts";
import { writeSessions } from "../lib/import/session-writer.ts";
import { openTargetTable } from "../lib/import/target-table.ts";
import { readImportOptions } from "./import-options.ts";
import { createProgressPrinter } from "./progress.ts";

type Table = Awaited<ReturnType<typeof openTargetTable>>;

const readFile = async (file: string): Promise<PortalData> =>
  (await isSqliteFile(file))
    ? readPortalDatabase(file)
    : { ...(await readReferenceDataFile(file)), study_sessions: [], highestSessionId: 0, refusals: [] };

const write = async ({ client, tableName }: Table, data: PortalData) => {
  const { study_sessions: sessions, highestSessionId: highestId } = data;
  const items = toItems(data);
  await writeItems({
    client,
    tableName,
    items,
    onProgress: createProgressPrinter(items.length, "groups and study activities"),
  });
  return writeSessions({
    client,
    tableName,
    sessions,
    highestId,
    onProgress: createProgressPrinter(sessions.length, "study sessions"),
  });
};

/** @returns what became of the sessions */
const writeInto = async (table: Table, data: PortalData) => {
  try {
    return await write(table, data);
  } catch (cause) {
    const isMissing = cause instanceof ResourceNotFoundException;
    const reason = isMissing ? "there is no such table in this account and region" : cause;
    throw new Error(`${table.tableName} can't be written: ${reason}`, { cause });
  } finally {
    await table.close();
  }
};

const report = (refusals: readonly string[], outcome: string) => {
  for (const refusal of refusals) console.error(refusal);
  const rows =
    refusals.length === 1
      ? "1 row, listed with its reason"
      : `${refusals.length} rows, listed with their reasons`;
  const but = refusals.length > 0 ? `, but ${rows}` : "";
  console.log(outcome + but);
  if (refusals.length > 0) process.exitCode = 3;
};

const importFile = async () => {
  const { file, isDryRun, table: name } = readImportOptions();
  const {
    TABLE_NAME = "StudySessions",
    DATA_DIR = ".data",
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  } = process.env;
  const data = await readFile(file);
  const { groups, study_activities, study_sessions, refusals } = data;
  const counts = `groups ${groups.length}, study activities ${study_activities.length}, study sessions`;
  if (isDryRun) return report(refusals, `${file} has ${counts} ${study_sessions.length}`);

  const table = await openTargetTable({ table: name, defaultTable: TABLE_NAME, endpoint, dataDir: DATA_DIR });
  const { written, repeated, refused } = await writeInto(table, data);
  const taken = refused.map((id) => `study_sessions id ${id}: the id was given to another session here`);
  const before = repeated.length > 0 ? `, ${repeated.length} of them from before` : "";
  const sessions = `${written.length + repeated.length}${before}`;
  report([...refusals, ...taken], `${table.tableName} has all of ${file}: ${counts} ${sessions}`);
};

importFile().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
