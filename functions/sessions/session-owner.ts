/**
 * Makes and reads the `owner` of a stored session, which tells whose write stored the session. No owner of one kind
 * looks like an owner of another kind.
 */
import { createHash, randomUUID } from "node:crypto";

const HASH = /^[\w-]{43}$/;

/** Makes the owner of a session with an idempotency key: a hash, which is in the key of the key's record too. */
export const ownerOfKey = (key: string) => createHash("sha256").update(key).digest("base64url");

/** Makes the owner of a session without a key: unique, so that a request finds out whether it stored the session. */
export const ownerOfRequest = (): string => randomUUID();

/** @returns the hash of the idempotency key to which the owner belongs, or undefined when the owner is another one */
export const keyHashOf = (owner: string | undefined) =>
  owner !== undefined && HASH.test(owner) ? owner : undefined;
