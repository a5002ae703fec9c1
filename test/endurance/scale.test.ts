import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import type { Row } from "../bench/measure.ts";

const run = promisify(execFile);

test("shows where creates stop", async () => {
  // In a process of its own: jest's own timers are out of reach of the simulated clock.
  const { stdout } = await run(process.execPath, ["test/bench/bench.ts", "scale", "--rounds", "1", "--json"]);
  const [{ rows }] = JSON.parse(stdout).parts.scale;
  const rowOf = (cache: number, groups: number, offered: number) =>
    rows.find(
      (row: Row) => row["cache s"] === cache && row.groups === groups && row["offered a second"] === offered,
    );
  const unthrottled = { "503 %": 0, "throttled calls %": 0 };
  for (const [idBlock, cache, groups, limit] of [
    [1, 60, 20, 1000],
    [20, 60, 20, 20_000],
    [20, 0, 1, 3000],
  ] as const) {
    const within = rowOf(cache, groups, limit);
    expect(within).toMatchObject({ "id block": idBlock, "created a second": limit, ...unthrottled });
    const beyond = rowOf(cache, groups, 2 * limit);
    expect(beyond["throttled calls %"]).toBeGreaterThan(10);
    expect(beyond["created a second"]).toBeLessThanOrEqual(1.2 * limit);
  }
  // With one group it takes longer than this test until all functions are there.
  expect(rowOf(60, 20, 2000)["created a second"]).toBeGreaterThanOrEqual(800);
  expect(rowOf(60, 20, 40_000)["created a second"]).toBeGreaterThanOrEqual(16_000);
  // References that are remembered leave the group no limit: it stops where 20 groups do.
  expect(rowOf(60, 1, 20_000)).toMatchObject({ "created a second": 20_000, ...unthrottled });
}, 60_000);
