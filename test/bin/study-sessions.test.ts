import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import cdkJson from "../../cdk.json" with { type: "json" };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterAll(() => rm(folder, { recursive: true }));

const runApp = (changes: Record<string, unknown>) =>
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
  expect(await runApp({ maxWriteUnits: "-5" })).toEqual({
    code: 1,
    stderr: 'maxWriteUnits: "-5" is not valid. Expected a whole number from 1 to 40000\n',
  });
});

test("an open production stack without an address for its alarms is synthesized with warnings", async () => {
  const { code, stderr } = await runApp({});
  expect(code).toBe(0);
  expect(stderr).toContain("WARNING alarmEmail and alarmTopicArn are not set: the alarms reach nobody");
  expect(stderr).toContain("WARNING The endpoint of stage prod is open to everyone");
});

test("a setting from the command line that has to last brings a warning", async () => {
  const { code, stderr } = await runApp({ tableName: "StudySessions-restored" });
  expect(code).toBe(0);
  expect(stderr).toContain("WARNING tableName comes from the command line");
});

test("each stage is a stack of its own", async () => {
  await runApp({});
  await runApp({ stage: "dev" });
  const templates = (await readdir(folder)).filter((name) => name.endsWith(".template.json"));
  expect(templates.sort()).toEqual(["StudySessions-dev.template.json", "StudySessions.template.json"]);
});
