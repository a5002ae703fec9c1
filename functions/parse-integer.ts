/**
 * Reads an id from a URL: decimal digits without a leading zero.
 * @param max - by default 2^53-1, up to which numbers are exact
 * @returns undefined when the text is anything else
 */
export const parsePositiveInteger = (text: string, max = Number.MAX_SAFE_INTEGER) =>
  /^[1-9]\d*$/.test(text) && Number(text) <= max ? Number(text) : undefined;

/**
 * Reads decimal digits, leading zeros included.
 * @returns undefined when the text is anything else, or when the number is not from `min` to `max`
 */
export const parseWholeNumber = (
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
) => (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined);
