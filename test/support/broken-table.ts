import { Level } from "level";

/** Leaves a table in the folder with which the embedded engine can't do anything: it throws where nobody catches. */
export const storeBrokenTable = async (dataDir: string, tableName: string) => {
  const level = new Level<string, unknown>(dataDir, { valueEncoding: "json" });
  await level.put(`table~${tableName}`, { TableName: tableName, TableStatus: "ACTIVE" });
  await level.close();
};
