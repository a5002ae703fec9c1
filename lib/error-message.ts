/** Returns the message of a caught value, which need not be an Error. */
export const errorMessage = (error: unknown): string => {
  // Node leaves the message out when it could connect to none of a name's addresses.
  const hasOnlyParts = error instanceof AggregateError && error.message === "";
  if (hasOnlyParts) return error.errors.map(errorMessage).join(", ");
  return error instanceof Error ? error.message : String(error);
};
