import { parseAllowedOrigins } from "./http-api.ts";

export interface Environment {
  readonly tableName: string;
  readonly allowedOrigins: readonly string[];
}

/**
 * Reads the settings of the function. `ALLOWED_ORIGINS` may be left out: every origin is allowed then.
 * @throws Error that names the variable that is missing or wrong
 */
export const readEnvironment = (variables: NodeJS.ProcessEnv): Environment => {
  const { TABLE_NAME: tableName, ALLOWED_ORIGINS: allowedOrigins = "*" } = variables;
  if (!tableName) throw new Error("TABLE_NAME is missing: the name of the DynamoDB table");
  return {
    tableName,
    allowedOrigins: parseAllowedOrigins(allowedOrigins, "ALLOWED_ORIGINS"),
  };
};
