import { type TargetTable, useTable } from "../lib/database/target-table.ts";
import { useTableOrEmpty } from "../lib/database/trial-table.ts";
import { type NameMap, parseNameMap } from "../lib/import/portal/portal-names.ts";
import { toPrintableLines } from "../lib/printable.ts";
import { takeSnapshot } from "../lib/sync/portal/portal-snapshot.ts";
import { openPortal, type Portal, PortalFileError } from "../lib/sync/portal/portal-thread.ts";
import { findWriteObstacle } from "../lib/sync/portal/write-obstacle.ts";
import { openPortalSync, type PortalSync } from "../lib/sync/portal-sync.ts";
import type { OnProblem } from "../lib/sync/session-copier.ts";
import { repeatPasses } from "../lib/sync/sync-loop.ts";
import { endOnSignal, runCommand } from "./command-line.ts";
import { checkTableName, readTableSettings } from "./local-settings.ts";
import { createCountPrinter } from "./progress.ts";
import { resolveFile } from "./resolve-file.ts";
import { createProblemPrinter, formatChanges, formatFirstUse, formatTrial } from "./sync-report.ts";

const USAGE = `Usage: npm run sync -- <file> [--table <name>] [--watch] [--dry-run] [--map <name>=<name in the file>]

Copies between a portal's SQLite file, such as words.db, and the table of the service. You can repeat it at any time,
even after you ended it in the middle.

  into the table    the portal's groups and study activities: the table then has exactly these.
                    The study sessions that the portal created itself
  into the file     the study sessions that the service created. Nothing else in the file is changed, and what the
                    portal has deleted does not come back

The portal may be running. Make a backup of the file before the first time: the command adds rows to it.

  --table <name>   an existing DynamoDB table: the output TableName of the stack. If it is left out, the table that
                   npm start uses on this machine, in the folder .data (or DATA_DIR)
  --watch          continues until Ctrl-C, and copies changes within some seconds
  --dry-run        writes nothing, and says what would be copied
  --map <names>    says what a table or a column of the file stands for, such as study_sessions=my_sessions or
                   study_sessions.created_at=begun. You can repeat it. The command knows many names without it
  --help           shows this

Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as http://127.0.0.1:8000 for "npm run db".

Exit codes: 0 everything was copied; 1 the copy failed; 2 an argument or a variable is wrong; 3 the listed rows were
not copied, and everything else was.`;

/** Before the first copy, the command waits this long for a file that the portal has locked. */
const WAIT_MS = 10_000;

/** The number of rows between two lines of progress. */
const PROGRESS_STEP = { imported: 10_000, compared: 10_000, copied: 1_000 };

interface Input {
  readonly file: string;
  readonly nameMap: NameMap;
  readonly table: string | undefined;
  readonly isWatching: boolean;
  readonly isDryRun: boolean;
}

/** Sets the exit code that says that rows were listed. */
const withExitCode =
  (onProblem: OnProblem): OnProblem =>
  (line, hint) => {
    process.exitCode = 3;
    onProblem(line, hint);
  };

/** Copies all that there is to copy now. */
const copyAll = async (sync: PortalSync) => {
  const references = await sync.copyReferences();
  const imported = await sync.importOld(
    createCountPrinter(PROGRESS_STEP.imported, "study sessions imported"),
    createCountPrinter(PROGRESS_STEP.compared, "study sessions compared"),
  );
  const printInserted = createCountPrinter(PROGRESS_STEP.copied, "study sessions copied");
  let inserted = 0;
  await sync.copySessions({ isWhole: true, onInserted: () => printInserted(++inserted) });
  return { references, imported, inserted };
};

interface Sync extends Pick<TargetTable, "client" | "tableName" | "isLocal"> {
  readonly portal: Portal;
  readonly input: Input;
  readonly signal: AbortSignal;
}

const watch = async (sync: PortalSync, { tableName, isLocal, input: { file }, signal }: Sync) => {
  console.log(`Watching ${file} and ${tableName}. Ctrl-C ends it`);
  await repeatPasses({
    sync,
    isLocal,
    onChanges: (changes) => {
      const line = formatChanges(changes, { file, tableName });
      if (line !== undefined) console.log(line);
    },
    onFailure: (reason) => console.error(toPrintableLines(`${reason}. The next pass tries again`)),
    signal,
  });
};

const runSync = async (options: Sync) => {
  const { tableName, input } = options;
  const { file, isDryRun, isWatching } = input;
  const { onProblem, endList } = createProblemPrinter();
  const sync = await openPortalSync({ ...options, isDryRun, onProblem: withExitCode(onProblem) });
  if (sync.isNew && !isDryRun) {
    console.log(formatFirstUse({ file, tableName, hasOwnSessions: sync.hasOwnSessions }));
  }
  if (sync.isNew && isDryRun && sync.hasOwnSessions) console.log(formatTrial(tableName));
  const changes = formatChanges(await copyAll(sync).finally(endList), { file, tableName });
  const prefix = isDryRun ? "Nothing was written. Without --dry-run: " : "";
  const nothing = process.exitCode === undefined ? "nothing to copy" : "nothing else to copy now";
  console.log(changes === undefined ? `${file} and ${tableName}: ${nothing}` : prefix + changes);
  if (isWatching) await watch(sync, options);
};

/** The portal's errors name the file: they are not about the table. */
const runApart = async (run: () => Promise<void>) => {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof PortalFileError) return error;
    throw error;
  }
};

/** In a dry run, the portal's thread checks a copy of the file. */
const checkFile = async (portal: Portal, { file }: Input, signal: AbortSignal) => {
  for (const line of await portal.check({ waitMs: WAIT_MS, signal })) console.log(line);
  const obstacle = findWriteObstacle(file);
  if (obstacle !== undefined) throw new PortalFileError(`${file} can't be used: ${obstacle}`);
};

const syncTable = async (portal: Portal, input: Input, signal: AbortSignal) => {
  await checkFile(portal, input, signal);
  const { tableName: defaultTable, ...place } = readTableSettings(process.env);
  const { table, isDryRun } = input;
  const use = isDryRun ? useTableOrEmpty : useTable;
  const failure = await use(
    { table, defaultTable, ...place, isReadOnly: isDryRun },
    ({ client, tableName, isLocal }) =>
      runApart(() => runSync({ client, tableName, isLocal, portal, input, signal })),
  );
  if (failure) throw failure;
};

/** Opens the file, or a copy for a dry run: rows that SQLite would refuse are then known too. */
const openFile = ({ file, nameMap, isDryRun }: Input) => {
  const snapshot = isDryRun ? takeSnapshot(file) : undefined;
  const portal = openPortal({ name: file, file: snapshot?.file ?? file, nameMap });
  const close = async () => {
    await portal.close();
    snapshot?.remove();
  };
  return { portal, close };
};

const run = async (input: Input) => {
  const ending = new AbortController();
  if (input.isWatching) endOnSignal(() => ending.abort());
  const { portal, close } = openFile(input);
  try {
    await syncTable(portal, input, ending.signal);
  } finally {
    await close();
  }
};

await runCommand({
  usage: USAGE,
  options: {
    table: { type: "string" },
    map: { type: "string", multiple: true, default: [] },
    watch: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
  },
  readArguments: ({ values, positionals: [file, ...others] }) => {
    const { table, map, watch: isWatching, "dry-run": isDryRun } = values;
    if (!file || others.length > 0) throw new Error("One file is needed: the portal's SQLite file");
    if (isWatching && isDryRun) throw new Error("--watch and --dry-run can't be combined");
    if (table !== undefined) checkTableName(table, "--table");
    return { file: resolveFile(file), nameMap: parseNameMap(map), table, isWatching, isDryRun };
  },
  run,
});
