import { expect, test } from "@jest/globals";
import type { Row } from "../bench/measure.ts";
import { measureScale } from "../bench/scale.ts";

test("shows where creates stop", async () => {
  const [scale] = await measureScale(1);
  const rows = scale?.rows ?? [];
  const rowOf = (groups: number, offered: number) =>
    rows.find((row: Row) => row.groups === groups && row["offered a second"] === offered);
  const unthrottled = { "503 %": 0, "throttled calls %": 0 };
  for (const [idBlock, groups, limit] of [
    [1, 20, 1000],
    [20, 20, 20_000],
    [20, 1, 3000],
  ] as const) {
    const within = rowOf(groups, limit);
    expect(within).toMatchObject({ "id block": idBlock, "created a second": limit, ...unthrottled });
    const beyond = rowOf(groups, 2 * limit);
    expect(beyond?.["throttled calls %"]).toBeGreaterThan(10);
    expect(beyond?.["created a second"]).toBeLessThanOrEqual(1.2 * limit);
  }
  // With one group it takes longer than this test until all functions are there.
  expect(rowOf(20, 2000)?.["created a second"]).toBeGreaterThanOrEqual(800);
  expect(rowOf(20, 40_000)?.["created a second"]).toBeGreaterThanOrEqual(16_000);
}, 60_000);
