const BUSY = 5;

/**
 * Reads an error of SQLite.
 * @returns its message, and its kind, which is the lowest byte of its code: https://www.sqlite.org/rescode.html
 */
export const readSqliteError = (error: unknown) => {
  const { errcode, message } = Object(error);
  return { kind: Number(errcode) % 256, message: String(message) };
};

/** Checks whether another program holds a lock, so that a retry makes sense. */
export const isBusyError = (error: unknown) => readSqliteError(error).kind === BUSY;
