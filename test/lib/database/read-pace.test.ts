import { expect, test } from "@jest/globals";
import { createReadPace } from "../../../lib/database/read-pace.ts";
import { createPartitionLimiter } from "../../bench/partition-limiter.ts";

const createError = (name: string) => Object.assign(new Error(`injected ${name}`), { name });

/** Creates a table that takes this many reads a second, of one unit each. */
const createLimitedTable = (readsPerSecond: number) => {
  const takeUnit = createPartitionLimiter(readsPerSecond / 3000);
  const begunAt = performance.now();
  const table = {
    throttled: 0,
    read: async () => {
      if (takeUnit("read", "table", performance.now() - begunAt))
        return { ConsumedCapacity: { CapacityUnits: 1 } };
      table.throttled++;
      throw createError("ThrottlingException");
    },
  };
  return table;
};

test("keeps below its limit", async () => {
  const table = createLimitedTable(220);
  const keepPace = createReadPace({ unitsPerSecond: 200 });
  for (let reads = 0; reads < 100; reads++) await keepPace(table.read);
  expect(table.throttled).toBe(0);
});

test("slows down to what the table takes", async () => {
  const table = createLimitedTable(25);
  const keepPace = createReadPace({ unitsPerSecond: 400, firstPauseMs: 1 });
  for (let reads = 0; reads < 50; reads++) await keepPace(table.read);
  expect(table.throttled).toBeGreaterThan(0);
  expect(table.throttled).toBeLessThan(60);
});

test("gives up when the table has no capacity for a long time", async () => {
  let reads = 0;
  const read = async (): Promise<object> => {
    reads++;
    throw createError("ProvisionedThroughputExceededException");
  };
  const keepPace = createReadPace({ unitsPerSecond: 1000, firstPauseMs: 0 });
  await expect(keepPace(read)).rejects.toThrow("The table has no capacity for reads");
  expect(reads).toBe(10);
});

test("does not repeat a read that fails otherwise", async () => {
  let reads = 0;
  const read = async (): Promise<object> => {
    reads++;
    throw createError("AccessDeniedException");
  };
  const keepPace = createReadPace({ unitsPerSecond: 1000 });
  await expect(keepPace(read)).rejects.toThrow("injected AccessDeniedException");
  expect(reads).toBe(1);
});
