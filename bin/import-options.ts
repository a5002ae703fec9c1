import { readCommandLine } from "./command-line.ts";

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

export const readImportOptions = () =>
  readCommandLine(
    USAGE,
    { table: { type: "string" }, "dry-run": { type: "boolean", default: false } },
    ({ values, positionals: [file, ...others] }) => {
      const { table, "dry-run": isDryRun } = values;
      if (!file || others.length > 0) throw new Error("One file is needed");
      if (table !== undefined && !/^[\w.-]{3,255}$/.test(table))
        throw new Error(`--table: "${table}" is not the name of a table`);
      return { file, table, isDryRun };
    },
  );
