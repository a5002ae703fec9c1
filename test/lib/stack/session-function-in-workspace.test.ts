import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import cdkJson from "../../../cdk.json" with { type: "json" };
import { createFolder } from "../../support/create-folder.ts";

const run = promisify(execFile);

const PROJECT = ["bin", "functions", "lib", "cdk.json", "package.json", "tsconfig.json"];

/** A workspace has `node_modules` and its lock file in its root, and the project in a folder below. */
const createMember = async (lockFiles: readonly string[]) => {
  const workspace = createFolder();
  await symlink(resolve("node_modules"), join(workspace, "node_modules"), "junction");
  for (const name of lockFiles) await writeFile(join(workspace, name), "");
  const member = join(workspace, "packages/sessions");
  await mkdir(member, { recursive: true });
  for (const name of PROJECT) await cp(resolve(name), join(member, name), { recursive: true });
  return member;
};

/** Runs the CDK app in a workspace with these lock files, and returns the template. */
const synthesizeIn = async (lockFiles: readonly string[]) => {
  const member = await createMember(lockFiles);
  const CDK_OUTDIR = join(member, "cdk.out");
  const CDK_CONTEXT_JSON = JSON.stringify(cdkJson.context);
  const env = { ...process.env, NODE_OPTIONS: "", CDK_OUTDIR, CDK_CONTEXT_JSON, CDK_VALIDATION: "false" };
  await run(process.execPath, ["bin/study-sessions.ts"], { cwd: member, env });
  return JSON.parse(await readFile(join(CDK_OUTDIR, "StudySessions.template.json"), "utf8"));
};

test("the functions are bundled in a workspace, and neither its path nor a second lock file matters", async () => {
  const template = await synthesizeIn(["package-lock.json"]);
  expect(await synthesizeIn(["package-lock.json", "pnpm-lock.yaml", "yarn.lock"])).toEqual(template);
}, 120_000);
