import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { findExamples, readDocumentation } from "../support/documentation.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { sendOverHttp } from "../support/send.ts";
import { startCommandProcess } from "../support/service-process.ts";

const PAGE = "docs/your-own-function.md";

/** These are the remaining tests that show most in little time. */
const CORE = [
  "test/contract.test.ts",
  "test/rooms.test.ts",
  "test/functions/http/serve-routes.test.ts",
  "test/functions/orders/key-claim.test.ts",
  "test/functions/orders/order-owner.test.ts",
  "test/lib/stack/orders-stack.test.ts",
];

const copy = join(createFolder(), "project");
const ending = new AbortController();
runAtEnd(() => ending.abort());

const run = async (program: string, args: readonly string[], cwd = copy) => {
  const { JEST_WORKER_ID: _, NODE_OPTIONS: __, ...env } = process.env;
  const options = { cwd, env, maxBuffer: 64 * 1024 * 1024, signal: ending.signal };
  return (await promisify(execFile)(program, args, options)).stdout;
};

const listFiles = async (cwd: string, ...folders: readonly string[]) =>
  (await run("git", ["ls-files", "-z", ...folders], cwd))
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(cwd, file)));

const countLines = async (cwd: string) => {
  const files = await listFiles(cwd, "bin", "functions", "lib", "test");
  return files.reduce((sum, file) => sum + readFileSync(join(cwd, file), "utf8").split("\n").length - 1, 0);
};

beforeAll(async () => {
  for (const file of await listFiles(".")) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  await run("git", ["init", "-q"]);
  await run("git", ["add", "--all"]);
  await run("git", ["-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "-qm", "copy"]);
});

test("each file that the page names is there", () => {
  const named = readDocumentation(PAGE).matchAll(/`((?:bin|docs|functions|lib|test)\/[^`*]*)`/g);
  expect([...named].map(([, file = ""]) => file).filter((file) => !existsSync(file))).toEqual([]);
});

test("the commands of the page make a service for orders, whose types, lint and tests pass", async () => {
  const before = await countLines(copy);
  for (const commands of findExamples(PAGE, "Delete the portal", "sh")) {
    await run("bash", ["-ec", commands]);
  }
  const percent = 10 * Math.round((10 * (await countLines(copy))) / before);
  expect(readDocumentation(PAGE)).toContain(`about ${percent} % of the lines`);

  for (const commands of findExamples(PAGE, "Rename the resource", "sh")) {
    await run("bash", ["-ec", commands]);
  }
  await run("npm", ["test", "--", ...CORE]);

  const service = startCommandProcess(join(copy, "bin/start.ts"), { DATA_DIR: createFolder() });
  const url = /at (\S+),/.exec(await service.printed(/Orders at /))?.[1] ?? "";
  const response = await sendOverHttp(url)({
    method: "POST",
    path: "/api/orders",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ buyer_id: 1, product_id: 2 }),
  });
  expect(response).toMatchObject({ status: 201, headers: { location: "/api/orders/1" } });
  expect(JSON.parse(response.body)).toMatchObject({ id: 1, buyer_id: 1, product_id: 2 });
}, 900_000);
