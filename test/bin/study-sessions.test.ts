import { execFile } from "node:child_process";
import { expect, test } from "@jest/globals";
import cdkJson from "../../cdk.json" with { type: "json" };

const runApp = (changes: Record<string, string>) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const context = { ...cdkJson.context, ...changes };
    execFile(
      process.execPath,
      [`${import.meta.dirname}/../../bin/study-sessions.ts`],
      { env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) } },
      (error, _stdout, stderr) => resolve({ code: error?.code ?? 0, stderr }),
    );
  });

test("a bad setting ends the synthesis with one line", async () => {
  expect(await runApp({ throttleRate: "-5" })).toEqual({
    code: 1,
    stderr: 'throttleRate: "-5" is not valid. Expected a whole number from 1 to 10000\n',
  });
});
