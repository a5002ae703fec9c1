import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import cdkJson from "../../cdk.json" with { type: "json" };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterAll(() => rm(folder, { recursive: true }));

const runApp = (changes: Record<string, string>) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const context = { ...cdkJson.context, "aws:cdk:bundling-stacks": [], ...changes };
    execFile(
      process.execPath,
      [`${import.meta.dirname}/../../bin/study-sessions.ts`],
      { env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: folder } },
      (error, _stdout, stderr) => resolve({ code: error?.code ?? 0, stderr }),
    );
  });

test("a bad setting ends the synthesis with one line", async () => {
  expect(await runApp({ throttleRate: "-5" })).toEqual({
    code: 1,
    stderr: 'throttleRate: "-5" is not valid. Expected a whole number from 1 to 10000\n',
  });
});

test("a production stack without an address for its alarms is synthesized with a warning", async () => {
  expect(await runApp({})).toEqual({
    code: 0,
    stderr: expect.stringContaining("WARNING alarmEmail is not set: the alarms reach nobody"),
  });
  expect(await runApp({ alarmEmail: "owner@portal.example" })).toEqual({ code: 0, stderr: "" });
});
