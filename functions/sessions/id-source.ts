import * as v from "valibot";
import type { Table } from "../dynamodb/dynamodb-table.ts";
import { pk } from "./item-keys.ts";
import { Id } from "./study-session.ts";

export type TakeId = (table: Table) => Promise<number>;

/**
 * Ids that no other call gets, here or in another function. Those that are left over when the process ends, or
 * whose request fails, are lost: ids have gaps.
 * @param blockSize - how many one write to the counter reserves, to be handed out from memory
 */
export const createIdSource = (blockSize: number): TakeId => {
  const reserved: number[] = [];
  return async (table) => {
    const id = reserved.pop();
    if (id !== undefined) return id;
    const last = v.parse(Id, await table.add(pk.counter, "last_id", blockSize));
    const first = v.parse(Id, last - blockSize + 1);
    for (let next = last; next > first; next--) reserved.push(next);
    return first;
  };
};
