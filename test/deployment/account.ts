import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import type { Stage } from "../../lib/stack/settings/stage-settings.ts";
import { sendOverHttp } from "../support/send.ts";
import { createCommands, type Variables } from "./commands.ts";
import { startEmulator } from "./emulator.ts";

const PROJECT = ["bin", "functions", "lib", "test", "cdk.json", "package.json", "tsconfig.json"];
const SETTINGS = "lib/stack/settings/stage-settings.ts";

const Outputs = v.object({ ApiUrl: v.string(), TableName: v.string(), FunctionName: v.string() });
export type Outputs = v.InferOutput<typeof Outputs>;

/** Copies the project, so that the steps can change its settings. */
const copyProject = async (project: string) => {
  for (const name of PROJECT) await cp(resolve(name), join(project, name), { recursive: true });
  await symlink(resolve("node_modules"), join(project, "node_modules"));
};

/** Opens an emulated AWS account that enforces IAM, with a copy of the project to deploy there. */
export const openAccount = async () => {
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const project = join(folder, "project");
  await copyProject(project);
  await mkdir(join(folder, "emulator"));
  const emulator = await startEmulator({ folder: join(folder, "emulator"), enforcesIam: true });
  const { run, tryToRun } = createCommands(project, emulator.endpoint);

  /** @returns what the last deployment printed */
  const readOutputs = async (stage: Stage) => {
    const outputs = JSON.parse(await readFile(join(project, "outputs.json"), "utf8"));
    return v.parse(Outputs, outputs[stage === "prod" ? "StudySessions" : `StudySessions-${stage}`]);
  };

  const deploy = async (stage: Stage, variables?: Variables) => {
    await run(stage === "prod" ? "npm run deploy" : `npm run deploy -- -c stage=${stage}`, variables);
    return await readOutputs(stage);
  };

  /** Not every resolver knows the names below localhost, so the path names the API instead. */
  const urlOf = ({ ApiUrl }: Outputs) =>
    `${emulator.endpoint}/_aws/execute-api/${new URL(ApiUrl).hostname.split(".")[0]}`;

  return {
    project,
    run,
    tryToRun,
    deploy,
    readOutputs,
    urlOf,
    send: (outputs: Outputs) => sendOverHttp(urlOf(outputs)),
    /** Adds a line to the settings of `prod`, instead of the line that was added before. */
    addToProd: async (line: string) => {
      const settings = await readFile(SETTINGS, "utf8");
      await writeFile(join(project, SETTINGS), settings.replace("prod: {", `prod: {\n    ${line}`));
    },
    close: async () => {
      await emulator.close();
      await rm(folder, { recursive: true });
    },
  };
};

export type Account = Awaited<ReturnType<typeof openAccount>>;
