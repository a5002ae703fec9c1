import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { startCommandProcess } from "../support/service-process.ts";

const folder = createFolder();
const script = join(folder, "read.mts");

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:on-call";

const urlOf = (file: string) => JSON.stringify(pathToFileURL(file).href);

/** An app that has only a context, because loading the CDK takes most of the time of an app. */
beforeAll(() =>
  writeFile(
    script,
    `import { readStackSettings } from ${urlOf("bin/stack-settings.ts")};
     import { STAGE_SETTINGS } from ${urlOf("lib/stack/settings/stage-settings.ts")};
     const { topic, ...context } = JSON.parse(process.argv[2]);
     if (topic) Object.assign(STAGE_SETTINGS.prod, { alarmTopicArn: topic });
     const { settings, changes } = readStackSettings({ node: { getAllContext: () => context } });
     console.log(settings.stage + " " + JSON.stringify(changes));`,
  ),
);

const TARGET = { CDK_DEFAULT_ACCOUNT: "123456789012", CDK_DEFAULT_REGION: "us-east-1" };

test.each([
  [{ stage: "dev", maxWriteUnits: "5" }, TARGET, 0, 'dev {"maxWriteUnits":5}'],
  [
    { stage: "prod", maxWriteUnits: "-5" },
    TARGET,
    1,
    'maxWriteUnits: "-5" is not valid. Expected a whole number from 1 to 40000',
  ],
  [
    { stage: "prod", topic: TOPIC },
    TARGET,
    1,
    `alarmTopicArn: "${TOPIC}" is not valid. Expected an ARN in us-east-1, the region of this deployment`,
  ],
  [
    { stage: "prod" },
    { npm_lifecycle_event: "deploy", npm_command: "run-script", npm_config_execute: "" },
    1,
    "npm kept --no-execute for itself, and nothing was done. Write: npm run deploy -- --no-execute",
  ],
])("the context %j and the variables %j end with code %d", async (context, variables, code, output) => {
  const { exited } = startCommandProcess(script, variables, JSON.stringify(context));
  expect(await exited).toEqual({ code, signal: null, output });
});
