import { createHash } from "node:crypto";
import { HttpError } from "../http-error.ts";

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

interface OwnedKey {
  readonly key: string;
  /** Whom the key belongs to; undefined where the gateway checks no tokens. */
  readonly subject: string | undefined;
}

/**
 * What the table and the log have instead of the key. Another subject's key has another hash, and so has a key without
 * a subject: the first space always ends the key, because a key has none.
 */
export const hashIdempotencyKey = ({ key, subject }: OwnedKey) =>
  createHash("sha256")
    .update(subject === undefined ? key : `${key} ${subject}`)
    .digest("base64url");
