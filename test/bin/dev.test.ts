import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { sendOverHttp } from "../support/send.ts";

const REQUEST = { headers: { "content-type": "application/json" }, body: JSON.stringify(VALID) };

const [, ...SCRIPT] = packageJson.scripts.dev.split(" ");

/** Changes to the project's own sources would restart what a developer runs. */
const copyProject = async () => {
  const folder = createFolder();
  for (const name of ["bin", "functions", "lib", "package.json"]) {
    await cp(name, join(folder, name), { recursive: true });
  }
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
  return folder;
};

const startDev = (folder: string) => {
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = process.env;
  const child = spawn(process.execPath, SCRIPT, {
    cwd: folder,
    env: { ...inherited, NODE_OPTIONS: "", NO_COLOR: "1", PORT: "0", DATA_DIR: join(folder, ".data") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "close");
  const stop = () => {
    child.kill("SIGINT");
    return exited;
  };
  runAtEnd(stop);
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

test("restarts with the same data when code or a page changes, until Ctrl-C", async () => {
  const folder = await copyProject();
  const { nextUrl, stop } = startDev(folder);
  const create = async () => JSON.parse((await sendOverHttp(await nextUrl())(REQUEST)).body).id;
  expect(await create()).toBe(1);
  await appendFile(join(folder, "functions/http/cors.ts"), "\n");
  expect(await create()).toBe(2);
  await appendFile(join(folder, "lib/local/pages/docs-page.html"), "\n");
  expect(await create()).toBe(3);
  await stop();
  const engine = await startEmbeddedDatabase({ dataDir: join(folder, ".data") });
  await engine.close();
});
