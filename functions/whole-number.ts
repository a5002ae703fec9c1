/**
 * Reads decimal digits.
 * @returns undefined when the text has anything else, or when the number is not from `min` to `max`
 */
export const parseWholeNumber = (
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined => {
  if (!/^\d+$/.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : undefined;
};
