import { parseAllowedOrigins } from "./origins.ts";
import { LOG_LEVELS, type LogLevel } from "./request-log.ts";
import { parseWholeNumber } from "./whole-number.ts";

export interface Environment {
  readonly tableName: string;
  readonly allowedOrigins: readonly string[];
  /** How many ids a running function reserves at a time. */
  readonly idBlockSize: number;
  /** Requests whose outcome is of a lower level are not logged. */
  readonly logLevel: LogLevel;
}

export const MAX_ID_BLOCK_SIZE = 1000;

const parseIdBlockSize = (text: string) => {
  const size = parseWholeNumber(text, { min: 1, max: MAX_ID_BLOCK_SIZE });
  if (size !== undefined) return size;
  throw new Error(`ID_BLOCK_SIZE: "${text}" is not a whole number from 1 to ${MAX_ID_BLOCK_SIZE}`);
};

const parseLogLevel = (text: string) => {
  const level = LOG_LEVELS.find((level) => level === text);
  if (level !== undefined) return level;
  throw new Error(`LOG_LEVEL: "${text}" is not one of ${LOG_LEVELS.join(", ")}`);
};

/**
 * Reads the settings of the function. Only `TABLE_NAME` has to be there: every origin is allowed by default, ids are taken
 * one at a time, and every request is logged.
 * @throws Error that names the variable that is missing or wrong
 */
export const readEnvironment = (variables: NodeJS.ProcessEnv): Environment => {
  const {
    TABLE_NAME: tableName,
    ALLOWED_ORIGINS: allowedOrigins = "*",
    ID_BLOCK_SIZE: idBlockSize = "1",
    LOG_LEVEL: logLevel = "INFO",
  } = variables;
  if (!tableName) throw new Error("TABLE_NAME is missing: the name of the DynamoDB table");
  return {
    tableName,
    allowedOrigins: parseAllowedOrigins(allowedOrigins, "ALLOWED_ORIGINS"),
    idBlockSize: parseIdBlockSize(idBlockSize),
    logLevel: parseLogLevel(logLevel),
  };
};
