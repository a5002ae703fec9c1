import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { sendOverHttp } from "../support/send.ts";
import { startCommandProcess } from "../support/service-process.ts";

const REQUEST = { headers: { "content-type": "application/json" }, body: JSON.stringify(VALID) };

const [, ...SCRIPT] = packageJson.scripts.dev.split(" ");

let folder: string;
let stop: (() => Promise<unknown>) | undefined;

/** Changes to the project's own sources would restart what a developer runs. */
beforeEach(async () => {
  folder = createFolder();
  for (const name of ["bin", "functions", "lib", "package.json"]) {
    await cp(name, join(folder, name), { recursive: true });
  }
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
});

afterEach(async () => {
  await stop?.();
});

const startDev = () => {
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = process.env;
  const child = spawn(process.execPath, SCRIPT, {
    cwd: folder,
    env: { ...inherited, NODE_OPTIONS: "", NO_COLOR: "1", PORT: "0", DATA_DIR: join(folder, ".data") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "close");
  stop = () => {
    child.kill("SIGINT");
    return exited;
  };
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  /** Waits until the service listens, or listens again. */
  const nextUrl = async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const url = /Study sessions at (\S+),/.exec(line.value)?.[1];
      if (url) return url;
    }
    throw new Error("It ended before it listened");
  };
  return { nextUrl, stop };
};

test.each(["functions/http/cors.ts", "lib/local/pages/docs-page.html"])(
  "restarts with the same data when %s changes, until Ctrl-C",
  async (file) => {
    const { nextUrl, stop } = startDev();
    expect(await sendOverHttp(await nextUrl())(REQUEST)).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":1,/),
    });

    await appendFile(join(folder, file), "\n");
    expect(await sendOverHttp(await nextUrl())(REQUEST)).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":2,/),
    });

    await stop();
    const engine = await startEmbeddedDatabase({ dataDir: join(folder, ".data") });
    await engine.close();
  },
);

test.each([
  [{}, ["--help"], 0, /^Usage: npm run dev\n/],
  [{ PORT: "x" }, [], 2, /^PORT: "x" is not a port/],
])("ends with %j and %j, and waits for no change", async (variables, args, code, message) => {
  const [launcher = "", ...options] = SCRIPT;
  const { exited } = startCommandProcess(launcher, variables, ...options, ...args);
  expect(await exited).toMatchObject({ code, output: expect.stringMatching(message) });
});
