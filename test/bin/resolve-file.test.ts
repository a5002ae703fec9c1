import { resolve } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { resolveFile } from "../../bin/resolve-file.ts";

/** The variables that npm sets for a script of the package with this manifest and a user in this folder. */
const toVariables = (user: string, manifest = "package.json") => ({
  INIT_CWD: resolve(user),
  npm_package_json: resolve(manifest),
});

const inherited = process.env;

afterEach(() => {
  process.env = inherited;
});

test.each([
  ["where the user stands", toVariables("lib"), "data.json", "lib/data.json"],
  ["in the project", toVariables("."), "./lib/data.json", "lib/data.json"],
  ["beside the project", toVariables(".."), "data.json", "../data.json"],
  [
    "of another script that runs this command",
    toVariables("lib", "other/package.json"),
    "data.json",
    "data.json",
  ],
  ["of a command that npm does not run", {}, "data.json", "data.json"],
  ["with an absolute path", toVariables("lib"), resolve("data.json"), resolve("data.json")],
])("finds a file %s", (_, variables, file, path) => {
  process.env = variables;
  expect(resolveFile(file)).toBe(path);
});
