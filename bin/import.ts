import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { toItems } from "../lib/database/reference-data.ts";
import { openTargetTable, type TargetTable } from "../lib/database/target-table.ts";
import { readInputFile } from "../lib/import/input-file.ts";
import { writeItems } from "../lib/import/item-writer.ts";
import type { PortalData } from "../lib/import/portal-database.ts";
import { writeSessions } from "../lib/import/session-writer.ts";
import { runCommand } from "./command-line.ts";
import { createProgressPrinter } from "./progress.ts";
import { checkTableName } from "./table-name.ts";

const USAGE = `Usage: npm run import -- <file> [--table <name>] [--dry-run]

Writes what a file has into a table. It can be repeated at any time, also after it was ended in the middle.

  words.db         the SQLite file of the portal: its groups, study activities and study sessions
  data.json        groups and study activities, in the form of lib/database/reference-data.json

  --table <name>   a DynamoDB table that is there: the output TableName of the stack. Left out, it is the one
                   that npm start uses on this machine, in the folder .data (or DATA_DIR)
  --dry-run        only reads the file, and shows what can't be taken of it
  --help           shows this

Groups and study activities replace those with the same ids. Sessions keep their ids and replace nothing.
Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as http://127.0.0.1:8000 for "npm run db".

It ends with 0 when everything was written, 1 when it failed, 2 when it was called wrongly, and 3 when everything
was written but the rows that it listed.`;

const write = async ({ client, tableName }: TargetTable, data: PortalData) => {
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
const writeInto = async (table: TargetTable, data: PortalData) => {
  try {
    return await write(table, data);
  } catch (cause) {
    const isMissing = cause instanceof ResourceNotFoundException;
    const reason = isMissing ? `there is no such table in ${table.place}` : cause;
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

interface Input {
  readonly file: string;
  readonly isDryRun: boolean;
  readonly table: string | undefined;
}

const importFile = async ({ file, isDryRun, table: name }: Input) => {
  const {
    TABLE_NAME = "StudySessions",
    DATA_DIR = ".data",
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  } = process.env;
  if (name === undefined) checkTableName(TABLE_NAME, "TABLE_NAME");
  const data = await readInputFile(file);
  const { groups, study_activities, study_sessions, refusals } = data;
  const counts = `groups ${groups.length}, study activities ${study_activities.length}, study sessions`;
  if (isDryRun) return report(refusals, `${file} has ${counts} ${study_sessions.length}`);

  const table = await openTargetTable({
    table: name,
    defaultTable: TABLE_NAME,
    endpoint,
    dataDir: DATA_DIR,
    isCreated: true,
  });
  const { written, repeated, refused } = await writeInto(table, data);
  const taken = refused.map((id) => `study_sessions id ${id}: the id was given to another session here`);
  const before = repeated.length > 0 ? `, ${repeated.length} of them from before` : "";
  const sessions = `${written.length + repeated.length}${before}`;
  report([...refusals, ...taken], `${table.tableName} has all of ${file}: ${counts} ${sessions}`);
};

await runCommand({
  usage: USAGE,
  options: { table: { type: "string" }, "dry-run": { type: "boolean", default: false } },
  readArguments: ({ values, positionals: [file, ...others] }) => {
    const { table, "dry-run": isDryRun } = values;
    if (!file || others.length > 0) throw new Error("One file is needed");
    if (table !== undefined) checkTableName(table, "--table");
    return { file, table, isDryRun };
  },
  run: importFile,
});
