import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { createCountPrinter, createProgressPrinter } from "../../bin/progress.ts";

let lines: unknown[];

beforeEach(() => {
  lines = [];
  jest.spyOn(console, "log").mockImplementation((line) => lines.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
});

test("prints a line for each tenth", () => {
  const update = createProgressPrinter(1000, "sessions");
  for (let done = 1; done <= 1000; done++) update(done);
  const tenths = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000];
  expect(lines).toEqual(tenths.map((done) => `${done} of 1000 sessions`));
});

test("prints a line for several tenths that were done at once", () => {
  const update = createProgressPrinter(3000, "groups");
  update(2500);
  update(3000);
  expect(lines).toEqual(["2500 of 3000 groups", "3000 of 3000 groups"]);
});

test("prints nothing of what is done in a moment", () => {
  const update = createProgressPrinter(999, "groups");
  for (let done = 1; done <= 999; done++) update(done);
  expect(lines).toEqual([]);
});

test("prints a line for each step of what nobody knows the end of", () => {
  const update = createCountPrinter(100, "items read");
  for (const done of [60, 120, 180, 450, 500]) update(done);
  expect(lines).toEqual(["120 items read", "450 items read", "500 items read"]);
});
