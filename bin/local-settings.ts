import { readEnvironment } from "../functions/environment.ts";
import { readPort } from "./port.ts";
import { checkTableName } from "./table-name.ts";

/**
 * Reads the settings that npm start and npm run db share.
 * @throws Error that names the variable that is wrong
 */
export const readLocalSettings = (variables: NodeJS.ProcessEnv, defaultPort: string) => {
  const { PORT = defaultPort, HOST: host = "127.0.0.1", DATA_DIR: dataDir = ".data" } = variables;
  if (host === "") throw new Error("HOST is empty. Expected the address to listen on");
  if (dataDir === "") throw new Error("DATA_DIR is empty. Expected the folder to keep the data in");
  const environment = readEnvironment({ TABLE_NAME: "StudySessions", ...variables });
  checkTableName(environment.tableName, "TABLE_NAME");
  return { ...environment, port: readPort(PORT), host, dataDir };
};
