import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import cdkJson from "../../cdk.json" with { type: "json" };
import { createFolder } from "../support/create-folder.ts";
import { startCommandProcess } from "../support/service-process.ts";

const folder = createFolder();

const APP = pathToFileURL("bin/study-sessions.ts").href;

/** Runs the app once for each change of the context, in one process: loading the CDK takes longer than an app. */
const runApps = async (...changes: readonly Readonly<Record<string, string>>[]) => {
  const contexts = changes.map((change) => ({
    ...cdkJson.context,
    "aws:cdk:bundling-stacks": [],
    ...change,
  }));
  const script = join(folder, "apps.mts");
  await writeFile(
    script,
    `for (const [index, context] of ${JSON.stringify(contexts)}.entries()) {
       process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
       await import(${JSON.stringify(APP)} + "?run=" + index);
     }`,
  );
  return startCommandProcess(script, { CDK_OUTDIR: join(folder, "out"), CDK_VALIDATION: "false" }).exited;
};

test("each stage is a stack of its own, with its warnings", async () => {
  const { code, output } = await runApps({}, { stage: "dev", tableName: "StudySessions-restored" });
  expect(code).toBe(0);
  expect(output).toContain("WARNING alarmEmail and alarmTopicArn are not set: the alarms reach nobody");
  expect(output).toContain("WARNING The endpoint of stage prod is open to everyone");
  expect(output).toContain("WARNING tableName comes from the command line");

  const templates = (await readdir(join(folder, "out"))).filter((name) => name.endsWith(".template.json"));
  expect(templates.sort()).toEqual(["StudySessions-dev.template.json", "StudySessions.template.json"]);
});
