import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import cdkJson from "../../cdk.json" with { type: "json" };
import { createFolder } from "../support/create-folder.ts";
import { startCommandProcess } from "../support/service-process.ts";

const folder = createFolder();

interface Options {
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const runApp = (changes: Record<string, unknown>, { project = ".", env = {} }: Options = {}) => {
  const context = { ...cdkJson.context, "aws:cdk:bundling-stacks": [], ...changes };
  const variables = {
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_OUTDIR: folder,
    CDK_VALIDATION: "false",
  };
  return startCommandProcess(join(project, "bin/study-sessions.ts"), { ...variables, ...env }).exited;
};

test("a bad setting ends the synthesis with one line", async () => {
  expect(await runApp({ maxWriteUnits: "-5" })).toMatchObject({
    code: 1,
    output: 'maxWriteUnits: "-5" is not valid. Expected a whole number from 1 to 40000',
  });
});

test("each stage is a stack of its own, with its warnings", async () => {
  const production = await runApp({});
  expect(production.code).toBe(0);
  expect(production.output).toContain(
    "WARNING alarmEmail and alarmTopicArn are not set: the alarms reach nobody",
  );
  expect(production.output).toContain("WARNING The endpoint of stage prod is open to everyone");

  const dev = await runApp({ stage: "dev", tableName: "StudySessions-restored" });
  expect(dev.code).toBe(0);
  expect(dev.output).toContain("WARNING tableName comes from the command line");

  const templates = (await readdir(folder)).filter((name) => name.endsWith(".template.json"));
  expect(templates.sort()).toEqual(["StudySessions-dev.template.json", "StudySessions.template.json"]);
});

test("a topic of another region than that of the deployment ends the synthesis with one line", async () => {
  const project = createFolder();
  const copied = ["bin", "functions", "lib", "package.json"];
  for (const name of copied) await cp(name, join(project, name), { recursive: true });
  await symlink(resolve("node_modules"), join(project, "node_modules"));
  const file = join(project, "lib/stack/settings/stage-settings.ts");
  const topic = "arn:aws:sns:eu-west-1:123456789012:on-call";
  const settings = await readFile(file, "utf8");
  await writeFile(file, settings.replace("protection: true,", `$& alarmTopicArn: "${topic}",`));
  const env = { CDK_DEFAULT_ACCOUNT: "123456789012", CDK_DEFAULT_REGION: "us-east-1" };
  expect(await runApp({}, { project, env })).toMatchObject({
    code: 1,
    output: `alarmTopicArn: "${topic}" is not valid. Expected an ARN in us-east-1, the region of this deployment`,
  });
});
