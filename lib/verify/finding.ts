import { toPrintable } from "../printable.ts";

/** Something that must not be in a table. */
export interface Finding {
  /** One line, which names the item's key. */
  readonly message: string;
  /** Resolves with whether the table is right now. Left out where there is no safe repair. */
  readonly repair?: () => Promise<boolean>;
}

const PRINTABLE = /^[\x21-\x7e]+$/;

/** The key of an item as it may be printed: an item that nobody knows can have anything in its key. */
export const printKey = (pk: string) => (PRINTABLE.test(pk) ? pk : toPrintable(JSON.stringify(pk)));
