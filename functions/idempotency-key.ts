import { HttpError } from "./http-error.ts";

/**
 * Takes off the one pair of double quotes that the header may carry.
 * @returns undefined when the header was not sent
 * @throws HttpError 400 unless the key is 1 to 255 visible ASCII characters
 */
export const parseIdempotencyKey = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  const key = /^".*"$/s.test(header) ? header.slice(1, -1) : header;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(400, "Idempotency-Key must be 1 to 255 visible ASCII characters");
};
