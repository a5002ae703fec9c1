import { parseAllowedOrigins } from "./http/origins.ts";
import { LOG_LEVELS, type LogLevel } from "./http/request-log.ts";
import { parseWholeNumber } from "./parse-integer.ts";

export interface Environment {
  readonly tableName: string;
  readonly allowedOrigins: readonly string[];
  /** The number of ids that a running function reserves at a time. */
  readonly idBlockSize: number;
  /** A running function caches an existing group or study activity for this time; 0 disables the cache. */
  readonly referenceCacheSeconds: number;
  /** Entries of lower levels are not logged. */
  readonly logLevel: LogLevel;
}

export const MAX_ID_BLOCK_SIZE = 1000;
export const MAX_REFERENCE_CACHE_SECONDS = 3600;

interface WholeNumberVariable {
  readonly name: string;
  readonly text: string;
  readonly min: number;
  readonly max: number;
}

const readWholeNumber = ({ name, text, min, max }: WholeNumberVariable) => {
  const number = parseWholeNumber(text, { min, max });
  if (number !== undefined) return number;
  throw new Error(`${name}: "${text}" is not a whole number from ${min} to ${max}`);
};

const parseLogLevel = (text: string) => {
  const level = LOG_LEVELS.find((level) => level === text);
  if (level !== undefined) return level;
  throw new Error(`LOG_LEVEL: "${text}" is not one of ${LOG_LEVELS.join(", ")}`);
};

/**
 * Reads the settings of the function. Only `TABLE_NAME` is required.
 * @throws Error that names the missing or wrong variable
 */
export const readEnvironment = (variables: NodeJS.ProcessEnv): Environment => {
  const {
    TABLE_NAME: tableName,
    ALLOWED_ORIGINS: allowedOrigins = "*",
    ID_BLOCK_SIZE: idBlockSize = "1",
    REFERENCE_CACHE_SECONDS: referenceCacheSeconds = "60",
    LOG_LEVEL: logLevel = "INFO",
  } = variables;
  if (!tableName) throw new Error("TABLE_NAME is missing: the name of the DynamoDB table");
  return {
    tableName,
    allowedOrigins: parseAllowedOrigins(allowedOrigins, "ALLOWED_ORIGINS"),
    idBlockSize: readWholeNumber({
      name: "ID_BLOCK_SIZE",
      text: idBlockSize,
      min: 1,
      max: MAX_ID_BLOCK_SIZE,
    }),
    referenceCacheSeconds: readWholeNumber({
      name: "REFERENCE_CACHE_SECONDS",
      text: referenceCacheSeconds,
      min: 0,
      max: MAX_REFERENCE_CACHE_SECONDS,
    }),
    logLevel: parseLogLevel(logLevel),
  };
};
