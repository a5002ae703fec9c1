import { ALL_KINDS, type CALLS, faultsOf } from "../fault-scenarios.ts";

/** A read that fails changes nothing, however it fails: three kinds stand for all. */
const READ_KINDS = ["refused", "hanging", "process dies after"] as const;

export const faultsForPairs = ({ reads, writes }: (typeof CALLS)["keyed" | "unkeyed"]) => [
  ...faultsOf(reads, READ_KINDS),
  ...faultsOf(writes, ALL_KINDS),
];
