import { execFile } from "node:child_process";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";

let project: string;

beforeAll(async () => {
  project = await realpath(createFolder());
  await mkdir(join(project, "sub"));
  await writeFile(join(project, "sub/data.json"), '{"groups": [], "study_activities": []}');
});

interface Place {
  /** The user's current folder, and the folder of the package whose script npm runs. */
  readonly user: string;
  readonly manifest?: string;
}

const run = ({ user, manifest = "package.json" }: Place, command: string, ...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    const env = { ...process.env, INIT_CWD: join(project, user), npm_package_json: join(project, manifest) };
    execFile(
      process.execPath,
      [resolve(`bin/${command}.ts`), ...args],
      { cwd: project, env },
      (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

const EMPTY = "has groups 0, study activities 0, study sessions 0\n";

test.each([
  ["where the user stands", { user: "sub" }, "data.json", "sub/data.json"],
  ["in the project", { user: "." }, "./sub/data.json", "sub/data.json"],
  [
    "of another script that runs this command",
    { user: ".", manifest: "other/package.json" },
    "sub/data.json",
    "sub/data.json",
  ],
])("import looks for a file %s", async (_, place, file, named) => {
  expect(await run(place, "import", file, "--dry-run")).toMatchObject({
    code: 0,
    stdout: `${named} ${EMPTY}`,
  });
});

test("import takes an absolute path as it is", async () => {
  const file = join(project, "sub/data.json");
  expect(await run({ user: "sub" }, "import", file, "--dry-run")).toMatchObject({
    stdout: `${file} ${EMPTY}`,
  });
});

test.each([[[]], [["--output", "openapi.json"]]])(
  "openapi %j writes a file where the user stands",
  async (args) => {
    expect(await run({ user: "sub" }, "openapi", ...args)).toEqual({
      code: 0,
      stdout: "sub/openapi.json describes http://localhost:5000\n",
      stderr: "",
    });
  },
);
