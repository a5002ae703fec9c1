import * as v from "valibot";
import type { DatabaseRequest } from "../dynamodb/database-call.ts";
import { add } from "../dynamodb/table-calls.ts";
import { pk } from "./item-keys.ts";
import { Id } from "./study-session.ts";

export type TakeId = (database: DatabaseRequest) => Promise<number>;

/**
 * Hands out ids that are unique across all instances. Reserved ids that are never used are lost, so ids have gaps.
 * @param blockSize - how many ids one write to the counter reserves
 */
export const createIdSource = (blockSize: number): TakeId => {
  const reserved: number[] = [];
  return async (database) => {
    const id = reserved.pop();
    if (id !== undefined) return id;
    const sum = await add(database, { key: pk.counter, attribute: "last_id", amount: blockSize });
    const last = v.parse(Id, sum);
    const first = v.parse(Id, last - blockSize + 1);
    for (let next = last; next > first; next--) reserved.push(next);
    return first;
  };
};
