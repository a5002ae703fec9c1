import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { toItems } from "../lib/database/reference-data.ts";
import { readReferences } from "../lib/database/stored-references.ts";
import { openTargetTable, type TargetTable } from "../lib/database/target-table.ts";
import { readInputFile } from "../lib/import/input-file.ts";
import { writeItems } from "../lib/import/item-writer.ts";
import type { PortalData } from "../lib/import/portal-database.ts";
import { writeSessions } from "../lib/import/session-writer.ts";
import { toPrintable } from "../lib/printable.ts";
import { runCommand } from "./command-line.ts";
import { checkTableName, readTableSettings } from "./local-settings.ts";
import { createProgressPrinter } from "./progress.ts";
import { formatReferences } from "./reference-list.ts";

const USAGE = `Usage: npm run import -- <file> [--table <name>] [--dry-run]
       npm run import -- --list [--table <name>]

Imports a file into a table, or lists the groups and study activities of the table. You can repeat an import at any
time, also after you ended it in the middle.

  words.db         the SQLite file of a portal: its groups, study activities and study sessions
  data.json        groups and study activities, to add or change them. Each needs an id and a name:

    {"groups": [{"id": 3, "name": "Numbers", "words_count": 10}],
     "study_activities": [{"id": 6, "name": "Dictation", "url": "http://localhost:8085", "preview_url": "/6.png"}]}

  --list           lists the groups and study activities, and changes nothing. This reads the whole table
  --table <name>   an existing DynamoDB table: the output TableName of the stack. Left out, it is the table that
                   npm start uses on this machine, in the folder .data (or DATA_DIR)
  --dry-run        only reads the file, and lists the rows that the import would skip
  --help           shows this

Groups and study activities replace those with the same ids. Sessions keep their ids and replace nothing.
Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as http://127.0.0.1:8000 for "npm run db".

It ends with 0 when it imported or listed everything, 1 when it failed, 2 when it was called wrongly, and 3 when it
skipped the rows that it listed and imported everything else.`;

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

/** Closes the table after `use`. */
const useTable = async <Result>(table: TargetTable, use: () => Promise<Result>) => {
  try {
    return await use();
  } catch (cause) {
    const isMissing = cause instanceof ResourceNotFoundException;
    const reason = isMissing ? `there is no such table in ${table.place}` : cause;
    throw new Error(`${table.tableName} can't be used: ${reason}`, { cause });
  } finally {
    await table.close();
  }
};

const report = (refusals: readonly string[], outcome: string) => {
  for (const refusal of refusals) console.error(toPrintable(refusal));
  const rows =
    refusals.length === 1
      ? "1 row, listed with its reason"
      : `${refusals.length} rows, listed with their reasons`;
  const but = refusals.length > 0 ? `, but ${rows}` : "";
  console.log(outcome + but);
  if (refusals.length > 0) process.exitCode = 3;
};

interface Target {
  readonly table: string | undefined;
  readonly isReadOnly: boolean;
}

const openTable = (target: Target) => {
  const { tableName: defaultTable, dataDir, endpoint } = readTableSettings(process.env);
  return openTargetTable({ ...target, defaultTable, dataDir, endpoint });
};

interface Input {
  /** Left out, the command lists what is in the table. */
  readonly file: string | undefined;
  readonly isDryRun: boolean;
  readonly table: string | undefined;
}

const importFile = async (file: string, { isDryRun, table: name }: Input) => {
  const data = await readInputFile(file);
  const { groups, study_activities, study_sessions, refusals } = data;
  const counts = `groups ${groups.length}, study activities ${study_activities.length}, study sessions`;
  if (isDryRun) return report(refusals, `${file} has ${counts} ${study_sessions.length}`);

  const table = await openTable({ table: name, isReadOnly: false });
  const { written, repeated, refused } = await useTable(table, () => write(table, data));
  const taken = refused.map((id) => `study_sessions id ${id}: the id was given to another session here`);
  const before = repeated.length > 0 ? `, ${repeated.length} of them from before` : "";
  const sessions = `${written.length + repeated.length}${before}`;
  report([...refusals, ...taken], `${table.tableName} has all of ${file}: ${counts} ${sessions}`);
};

const listReferences = async ({ table: name }: Input) => {
  const table = await openTable({ table: name, isReadOnly: true });
  console.log(formatReferences(await useTable(table, () => readReferences(table.client, table.tableName))));
};

await runCommand({
  usage: USAGE,
  options: {
    table: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  readArguments: ({ values, positionals: [file, ...others] }) => {
    const { table, "dry-run": isDryRun, list } = values;
    if (list && file !== undefined) throw new Error("--list takes no file");
    if ((!list && !file) || others.length > 0) throw new Error("One file is needed");
    if (table !== undefined) checkTableName(table, "--table");
    return { file, table, isDryRun };
  },
  run: (input) => (input.file === undefined ? listReferences(input) : importFile(input.file, input)),
});
