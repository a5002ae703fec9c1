/**
 * Checks the name of a DynamoDB table.
 * @param source - the variable or option that the name came from
 * @throws Error that names the source
 */
export const checkTableName = (name: string, source: string) => {
  if (/^[\w.-]{3,255}$/.test(name)) return;
  throw new Error(
    `${source}: "${name}" is not the name of a table. Expected 3 to 255 of a-z, A-Z, 0-9, _ . -`,
  );
};
