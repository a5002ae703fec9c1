import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";

test("without its Python packages the rehearsal ends with one line that says how to install them", () => {
  const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
  const { status, stderr } = spawnSync(process.execPath, [resolve("test/deployment/check-packages.ts")], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "" },
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^\S+==\S+ is not in \.venv\. [^\n]*-r test\/deployment\/requirements\.txt\n$/,
    ),
  });
});
