import { Level } from "level";

/** Leaves a broken table in the folder: the embedded engine throws an error for it that nobody catches. */
export const storeBrokenTable = async (dataDir: string, tableName: string) => {
  const level = new Level<string, unknown>(dataDir, { valueEncoding: "json" });
  await level.put(`table~${tableName}`, { TableName: tableName, TableStatus: "ACTIVE" });
  await level.close();
};
