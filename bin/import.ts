import { parseArgs } from "node:util";
import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDbClient } from "../functions/dynamodb-client.ts";
import { putItems } from "../lib/batch-write.ts";
import { connectToEngine } from "../lib/local-table.ts";
import { toItems } from "../lib/reference-data.ts";
import { readReferenceDataFile } from "../lib/reference-data-file.ts";

const USAGE = `Usage: npm run import -- <file.json> --table <name>

Writes the groups and study activities of a file into a table, over those that have the same ids. It can be
repeated at any time. The file has the form of lib/reference-data.json.

  --table <name>   the DynamoDB table: the output TableName of the stack, or StudySessions on this machine
  --help           shows this

Region and credentials come from the environment, as for the AWS CLI. AWS_ENDPOINT_URL_DYNAMODB names another
engine, such as http://127.0.0.1:8000 for "npm run db".

It ends with 0 when everything was written, 1 when something failed, 2 when it was called wrongly.`;

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { table: { type: "string" }, help: { type: "boolean" } },
    });
    const [file, ...others] = positionals;
    if (values.help) return { help: true } as const;
    if (!file || others.length > 0) throw new Error("One file is needed");
    if (!values.table) throw new Error("--table is missing");
    if (!/^[\w.-]{3,255}$/.test(values.table))
      throw new Error(`--table: "${values.table}" is not the name of a table`);
    return { file, tableName: values.table };
  } catch (error) {
    console.error(`${error instanceof Error && error.message}\n\n${USAGE}`);
    process.exit(2);
  }
};

const connect = () => {
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint } = process.env;
  return DynamoDBDocumentClient.from(endpoint ? connectToEngine(endpoint) : createDynamoDbClient());
};

const importFile = async (file: string, tableName: string) => {
  const data = await readReferenceDataFile(file);
  const items = toItems(data);
  const onProgress = (written: number) => console.log(`${written} of ${items.length} written`);
  try {
    await putItems(connect(), items, { tableName, onProgress });
  } catch (cause) {
    const isMissing = cause instanceof ResourceNotFoundException;
    const reason = isMissing ? "there is no such table in this account and region" : cause;
    throw new Error(`${tableName} can't be written: ${reason}`, { cause });
  }
  const { groups, study_activities } = data;
  console.log(
    `${tableName} has all of ${file}: groups ${groups.length}, study activities ${study_activities.length}`,
  );
};

const options = readArguments();
if ("help" in options) {
  console.log(USAGE);
} else {
  importFile(options.file, options.tableName).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
