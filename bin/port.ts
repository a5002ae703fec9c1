import { parseWholeNumber } from "../functions/parse-integer.ts";

/**
 * Reads the variable PORT.
 * @throws Error when it is not a number from 0, which stands for a free port, to 65535
 */
export const readPort = (text: string) => {
  const port = parseWholeNumber(text, { min: 0, max: 65535 });
  if (port !== undefined) return port;
  throw new Error(`PORT: "${text}" is not a port. Expected a number from 0 (a free one) to 65535`);
};
