import { toPrintable } from "../printable.ts";

/** An inconsistency of a table. */
export interface Finding {
  /** One line that names the item's key. */
  readonly message: string;
  /** Resolves with whether the table is consistent now. Left out if there is no safe repair. */
  readonly repair?: () => Promise<boolean>;
}

const PRINTABLE = /^[\x21-\x7e]+$/;

/** Makes the key of an item safe to print: the key of an unknown item can be any text. */
export const printKey = (pk: string) => (PRINTABLE.test(pk) ? pk : toPrintable(JSON.stringify(pk)));
