import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";

const folder = createFolder();

const testWithFullDevice = existsSync("/dev/full") ? test : test.skip;

testWithFullDevice("an import goes on although the disk that takes its output is full", async () => {
  const full = await open("/dev/full", "w");
  const file = join(folder, "data.json");
  await writeFile(file, JSON.stringify({ groups: [{ id: 1, name: "Numbers" }], study_activities: [] }));
  const runImport = (argument: string, stdout: "pipe" | number) =>
    spawnSync(process.execPath, ["bin/import.ts", argument], {
      env: { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: "", DATA_DIR: join(folder, "data") },
      stdio: ["ignore", stdout, stdout],
      encoding: "utf8",
    });
  expect(runImport(file, full.fd).status).toBe(0);
  expect(runImport("--list", "pipe").stdout).toContain("1  Numbers");
  await full.close();
});
