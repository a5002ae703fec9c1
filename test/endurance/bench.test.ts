import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const run = promisify(execFile);

const measure = async (...args: string[]) =>
  (await run(process.execPath, ["test/bench/bench.ts", ...args, "--rounds", "1"])).stdout;

test("measures a part, as a table", async () => {
  expect(await measure("warm-path")).toMatch(
    /^node: v.*\n\nWarm path.*\n\nhandler +median ns .*\nours .*\nbare /s,
  );
}, 60_000);

test("measures a part, as Markdown", async () => {
  expect(await measure("cold-start", "--markdown")).toMatch(
    /^node: v.*\n\n### Cold start.*\n\n\| bundle \| .* \|\n\| --- \| .*\n\| ours \| /s,
  );
}, 60_000);
