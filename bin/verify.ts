import { useTable } from "../lib/database/target-table.ts";
import { type Verification, verifyTable } from "../lib/verify/verify-table.ts";
import { refuseArguments, runCommand } from "./command-line.ts";
import { checkTableName, readTableSettings } from "./local-settings.ts";
import { createCountPrinter } from "./progress.ts";

const USAGE = `Usage: npm run verify -- [--table <name>] [--repair]

Scans a table and lists inconsistencies. The service, or npm start, may be running.

  an idempotency key whose session is missing, or belongs to another request
  two sessions of one idempotency key
  a missing group or study activity that sessions name. This is expected if it was deleted
  a counter that is behind the highest id, so that ids are given out twice
  an item that can't be read

  --table <name>   an existing DynamoDB table: the output TableName of the stack. If it is left out, the table that
                   npm start uses on this machine, in the folder .data (or DATA_DIR)
  --repair         raises the counter, and writes the missing sessions of idempotency keys. It changes no other item,
                   and leaves everything else to you
  --help           shows this

Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as DynamoDB Local at http://127.0.0.1:8000.

Exit codes: 0 nothing was found, or everything was repaired; 1 the command failed; 2 an argument or a variable is wrong;
3 something is left to do.`;

/** This is a small part of the default `maxReadUnits`, because the service needs the rest. */
const UNITS_PER_SECOND = 100;

/** At this rate, a line appears about every 10 seconds. */
const PROGRESS_STEP = 20_000;

interface Input {
  readonly isRepairing: boolean;
  readonly table: string | undefined;
}

const readTarget = (table: string | undefined) => {
  const { tableName: defaultTable, dataDir, endpoint } = readTableSettings(process.env);
  return { table, defaultTable, endpoint, dataDir, isReadOnly: true };
};

const describeCounts = ({ counts, highestId, lastId = "none" }: Verification) => {
  const { group, studyActivity, studySession, idempotencyKey } = counts;
  const items = `groups ${group}, study activities ${studyActivity}, study sessions ${studySession}`;
  return `${items}, idempotency keys ${idempotencyKey}, highest id ${highestId}, counter ${lastId}`;
};

const report = (tableName: string, verification: Verification) => {
  const { findings } = verification;
  for (const { message, isRepaired } of findings)
    console.error(isRepaired ? `${message}: repaired` : message);
  const repaired = findings.filter(({ isRepaired }) => isRepaired).length;
  const outcome = findings.length === 0 ? "nothing found" : `${findings.length} found, ${repaired} repaired`;
  console.log(`${tableName} had ${describeCounts(verification)}: ${outcome}`);
  if (repaired < findings.length) process.exitCode = 3;
};

const verify = ({ table, isRepairing }: Input) =>
  useTable(readTarget(table), async ({ client, tableName, isLocal }) => {
    const verification = await verifyTable({
      client,
      tableName,
      isRepairing,
      ...(isLocal ? {} : { unitsPerSecond: UNITS_PER_SECOND }),
      onProgress: createCountPrinter(PROGRESS_STEP, "items read"),
    });
    report(tableName, verification);
  });

await runCommand({
  usage: USAGE,
  options: { table: { type: "string" }, repair: { type: "boolean", default: false } },
  readArguments: (args) => {
    refuseArguments(args);
    const { table, repair: isRepairing } = args.values;
    if (table !== undefined) checkTableName(table, "--table");
    return { table, isRepairing };
  },
  run: verify,
});
