/**
 * Reads the variable PORT.
 * @throws Error when it is not a number from 0, which stands for a free port, to 65535
 */
export const readPort = (text: string) => {
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new Error(`PORT: "${text}" is not a port. Expected a number from 0 (a free one) to 65535`);
};
