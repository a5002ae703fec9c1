/**
 * Reads an id from a URL: decimal digits without a leading zero.
 * @param max - 2^53-1 when left out, up to which numbers are exact
 * @returns undefined when the text is anything else
 */
export const parsePositiveInteger = (text: string, max = Number.MAX_SAFE_INTEGER) =>
  /^[1-9]\d*$/.test(text) && Number(text) <= max ? Number(text) : undefined;
