import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { createOpenApiDocument } from "../../lib/openapi/openapi-document.ts";
import { createFolder } from "../support/create-folder.ts";
import { runHere } from "../support/run-here.ts";

const folder = createFolder();

/** Runs the command as npm does for a user who stands in the folder. */
const run = (...args: string[]) =>
  runHere("bin/openapi.ts", { INIT_CWD: folder, npm_package_json: resolve("package.json") }, ...args);

const readDocument = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));

test("writes the document of the service on this machine", async () => {
  expect(await run()).toEqual({
    code: 0,
    stdout: `${relative(".", join(folder, "openapi.json"))} describes http://localhost:5000\n`,
    stderr: "",
  });
  expect(await readDocument("openapi.json")).toEqual(createOpenApiDocument("http://localhost:5000"));
});

test("writes the document of a service elsewhere, where it is told to", async () => {
  expect(await run("https://api.example", "--output", "cloud.json")).toMatchObject({ code: 0 });
  expect(await readDocument("cloud.json")).toMatchObject({ servers: [{ url: "https://api.example" }] });
});

test("says that it can't write", async () => {
  expect(await run("--output", "absent/openapi.json")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/absent\/openapi\.json can't be written: .*ENOENT.*\n$/),
  });
});
