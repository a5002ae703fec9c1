/** Checks whether an error, or one of its causes, has a code such as EADDRINUSE. */
export const hasErrorCode = (error: unknown, code: string): boolean => {
  if (typeof error !== "object" || error === null) return false;
  return ("code" in error && error.code === code) || ("cause" in error && hasErrorCode(error.cause, code));
};
