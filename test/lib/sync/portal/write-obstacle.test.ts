import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { createFolder } from "../../../support/create-folder.ts";

const MODULE = pathToFileURL("lib/sync/portal/write-obstacle.ts").href;

/**
 * Looks for obstacles in a process of a user without rights: root may write everywhere. The process gives up root's
 * rights after its imports, because another user may not be allowed to read the project.
 */
const findObstacles = (...files: readonly string[]) => {
  const script = `
    import { findWriteObstacle } from ${JSON.stringify(MODULE)};
    if (process.getuid?.() === 0) {
      process.setgid(65534);
      process.setuid(65534);
    }
    console.log(JSON.stringify(process.argv.slice(1).map((file) => findWriteObstacle(file) ?? "none")));`;
  const args = ["--input-type=module", "--eval", script, ...files];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
};

test("finds a file and a folder that are read-only, also behind a link", () => {
  const folder = createFolder();
  const createFile = (name: string, folderMode: number, fileMode: number) => {
    mkdirSync(join(folder, name));
    const file = join(folder, name, "words.db");
    writeFileSync(file, "");
    chmodSync(file, fileMode);
    chmodSync(join(folder, name), folderMode);
    return file;
  };
  const link = join(folder, "link.db");
  chmodSync(folder, 0o777);
  const files = [
    createFile("free", 0o777, 0o666),
    createFile("file", 0o777, 0o444),
    createFile("folder", 0o555, 0o666),
  ];
  symlinkSync(join(folder, "folder", "words.db"), link);
  const obstacles = findObstacles(...files, link);
  chmodSync(join(folder, "folder"), 0o777);
  expect(obstacles).toEqual([
    "none",
    "the file is read-only",
    "its folder is read-only",
    "its folder is read-only",
  ]);
});
