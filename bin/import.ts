import { readReferences } from "../lib/database/stored-references.ts";
import { MissingTableError, type TargetTable, useTable } from "../lib/database/target-table.ts";
import { writeData } from "../lib/import/data-writer.ts";
import { readInputFile } from "../lib/import/input-file.ts";
import type { PortalData } from "../lib/import/portal/portal-database.ts";
import { type NameMap, parseNameMap } from "../lib/import/portal/portal-names.ts";
import type { RowSummary } from "../lib/import/portal/row-summary.ts";
import { checkReplacement, findObsoleteReferences } from "../lib/import/reference-replacement.ts";
import { runCommand } from "./command-line.ts";
import { formatObsolete, formatReferences } from "./import-report.ts";
import { checkTableName, readTableSettings } from "./local-settings.ts";
import { createProgressPrinter } from "./progress.ts";
import { resolveFile } from "./resolve-file.ts";

const USAGE = `Usage: npm run import -- <file> [--table <name>] [--replace] [--dry-run] [--map <name>=<name in the file>]
       npm run import -- --list [--table <name>]

Imports a file into a table, or lists the groups and study activities of the table. You can repeat an import at any
time, even after you ended it in the middle.

  words.db         the SQLite file of a portal: its groups, study activities and study sessions
  data.json        groups and study activities, to add or change them. Each needs an id and a name:

    {"groups": [{"id": 3, "name": "Numbers", "words_count": 10}],
     "study_activities": [{"id": 6, "name": "Dictation", "url": "http://localhost:8085", "preview_url": "/6.png"}]}

  --list           lists the groups and study activities, and changes nothing. This reads the whole table
  --table <name>   an existing DynamoDB table: the output TableName of the stack. If it is left out, the table that
                   npm start uses on this machine, in the folder .data (or DATA_DIR). npm start may be running
  --replace        deletes the groups and study activities that the file does not have, and lists them first.
                   This reads the whole table. Sessions stay
  --dry-run        writes nothing, and lists what the import would skip and delete
  --map <names>    says what a table or a column of an SQLite file stands for, such as study_sessions=my_sessions or
                   study_sessions.created_at=begun. You can repeat it. The import knows many names without it
  --help           shows this

Groups and study activities replace those with the same ids. Sessions keep their ids and replace nothing.
Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as DynamoDB Local at http://127.0.0.1:8000.

Exit codes: 0 everything was imported or listed; 1 the import failed; 2 an argument or a variable is wrong; 3 the rows
listed above the summary were skipped, and everything else was imported.`;

const printOutcome = (refusals: RowSummary, outcome: string) => {
  for (const line of refusals.toLines()) console.error(line);
  const skipped = refusals.count();
  const rows = skipped === 1 ? "1 row, for the reason above" : `${skipped} rows, for the reasons above`;
  console.log(skipped > 0 ? `${outcome}, but ${rows}` : outcome);
  if (skipped > 0) process.exitCode = 3;
};

interface Target {
  readonly table: string | undefined;
  readonly isReadOnly: boolean;
}

const readTarget = (target: Target) => {
  const { tableName: defaultTable, dataDir, endpoint } = readTableSettings(process.env);
  return { ...target, defaultTable, dataDir, endpoint };
};

interface Input {
  /** If it is left out, the command lists the groups and study activities of the table. */
  readonly file: string | undefined;
  readonly nameMap: NameMap;
  readonly isDryRun: boolean;
  /** If true, the import deletes the groups and study activities that the file does not have. */
  readonly isReplacing: boolean;
  readonly table: string | undefined;
}

const describeCounts = (groups: number, activities: number, sessions: number) =>
  `groups ${groups}, study activities ${activities}, study sessions ${sessions}`;

type Table = Pick<TargetTable, "client" | "tableName">;

/** Lists the groups and study activities that go. @returns their keys */
const listObsolete = async (table: Table, data: PortalData, file: string) => {
  const obsolete = await findObsoleteReferences({ ...table, data });
  console.log(formatObsolete(obsolete, { tableName: table.tableName, file }));
  return obsolete.map(({ pk }) => pk);
};

const listObsoleteIfAny = async (data: PortalData, file: string, table: string | undefined) => {
  try {
    await useTable(readTarget({ table, isReadOnly: true }), ({ client, tableName }) =>
      listObsolete({ client, tableName }, data, file),
    );
  } catch (error) {
    // The import would create the table of npm start, so nothing could go.
    if (table !== undefined || !(error instanceof MissingTableError)) throw error;
  }
};

const importData = async (data: PortalData, file: string, { isDryRun, isReplacing, table }: Input) => {
  const { groups, study_activities, sessionCount, names, refusals, notes } = data;
  if (isReplacing) checkReplacement(data);
  for (const line of [...names, ...notes.toLines()]) console.log(line);
  if (isDryRun) {
    if (isReplacing) await listObsoleteIfAny(data, file, table);
    const counts = describeCounts(groups.length, study_activities.length, sessionCount);
    return printOutcome(refusals, `${file} has ${counts}`);
  }

  await useTable(readTarget({ table, isReadOnly: false }), async ({ client, tableName }) => {
    const written = await writeData({
      client,
      tableName,
      data,
      obsoleteKeys: isReplacing ? await listObsolete({ client, tableName }, data, file) : [],
      onRefused: refusals.add,
      startProgress: createProgressPrinter,
    });
    const before = written.repeated > 0 ? `, ${written.repeated} of them from before` : "";
    const counts = describeCounts(written.groups, written.study_activities, written.study_sessions);
    printOutcome(refusals, `${tableName} has all of ${file}: ${counts}${before}`);
  });
};

const importFile = async (file: string, input: Input) => {
  const data = await readInputFile(file, input.nameMap);
  try {
    await importData(data, file, input);
  } finally {
    data.close();
  }
};

const listReferences = ({ table }: Input) =>
  useTable(readTarget({ table, isReadOnly: true }), async ({ client, tableName }) => {
    console.log(formatReferences(await readReferences(client, tableName)));
  });

await runCommand({
  usage: USAGE,
  options: {
    table: { type: "string" },
    map: { type: "string", multiple: true, default: [] },
    "dry-run": { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    replace: { type: "boolean", default: false },
  },
  readArguments: ({ values, positionals: [file, ...others] }) => {
    const { table, map, "dry-run": isDryRun, list, replace: isReplacing } = values;
    if (list && file !== undefined) throw new Error("--list takes no file");
    if (list && isReplacing) throw new Error("--replace needs a file");
    if ((!list && !file) || others.length > 0) throw new Error("One file is needed");
    if (table !== undefined) checkTableName(table, "--table");
    return { file: file && resolveFile(file), table, isDryRun, isReplacing, nameMap: parseNameMap(map) };
  },
  run: (input) => (input.file === undefined ? listReferences(input) : importFile(input.file, input)),
});
