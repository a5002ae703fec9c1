import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import type { Row } from "../bench/measure.ts";

const run = promisify(execFile);

test("shows where creates stop", async () => {
  // In a process of its own: jest's own timers are out of reach of the simulated clock.
  const { stdout } = await run(process.execPath, ["test/bench/bench.ts", "scale", "--rounds", "1", "--json"]);
  const [{ rows }] = JSON.parse(stdout).parts.scale;
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
    expect(beyond["throttled calls %"]).toBeGreaterThan(10);
    expect(beyond["created a second"]).toBeLessThanOrEqual(1.2 * limit);
  }
  // With one group it takes longer than this test until all functions are there.
  expect(rowOf(20, 2000)["created a second"]).toBeGreaterThanOrEqual(800);
  expect(rowOf(20, 40_000)["created a second"]).toBeGreaterThanOrEqual(16_000);
}, 60_000);
