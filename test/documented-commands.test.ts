import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../lib/database/engine/embedded-engine.ts";
import { connectToEngine, createTableIfMissing } from "../lib/database/local-table.ts";
import { createFolder } from "./support/create-folder.ts";
import { findExamples, PAGES } from "./support/documentation.ts";
import { createPortalFile } from "./support/portal-file.ts";

const DOCUMENTED_ENGINE = "http://127.0.0.1:8000";

/** These commands need a cloud, a container, the network, an hour, or a free port that everybody may reach. */
const ELSEWHERE =
  /<|…|\$|^npm (cit|ci|test)\b|^npx |^pip |^sam |^docker |^sqlite3 |^aws |^curl |^openapi-python|HOST=|run (deploy|destroy|bench|check|format|types|lint|synth|test)/;

const commandsOf = (page: string) =>
  [...page.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = ""]) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.replace(/ +#.*$/, "").trim())
    .filter((line) => /^([A-Z_]+=\S+ )*(npm|rm|cp) /.test(line) && !ELSEWHERE.test(line));

let folder: string;
let engine: EmbeddedDatabase;

/** Creates a folder that has the project as the reader has it, and the files that the pages name. */
beforeAll(async () => {
  folder = createFolder();
  for (const name of ["bin", "functions", "lib", "node_modules"]) {
    await symlink(resolve(name), join(folder, name));
  }
  // A command that changes the scripts must not reach those of the project.
  await copyFile("package.json", join(folder, "package.json"));
  await mkdir(join(folder, ".data"));
  const [data = ""] = findExamples("docs/local.md", "Groups and study activities", "json");
  await writeFile(join(folder, "data.json"), data);
  createPortalFile({ file: join(folder, "words.db"), sessions: [[1, 1, 2, "2025-02-20 12:00:00"]] });
  engine = await startEmbeddedDatabase();
  const client = connectToEngine(engine.endpoint);
  await createTableIfMissing(client, "StudySessions");
  client.destroy();
});

afterAll(() => engine.close());

/** Runs a command as documented, except for the ports. A command that serves is ended as with Ctrl-C. */
const run = async (command: string) => {
  const line = command
    .replace(DOCUMENTED_ENGINE, engine.endpoint)
    .replace(/PORT=\d+/, "PORT=0")
    .replace("../lang-portal/", "");
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = process.env;
  const child = spawn("bash", ["-c", line], {
    cwd: folder,
    env: { PORT: "0", ...inherited, NODE_OPTIONS: "", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (text) => {
      output.push(text);
      if (/Ctrl-C ends it/.test(text)) process.kill(-(child.pid ?? 0), "SIGINT");
    });
  }
  const [code, signal] = await once(child, "close");
  return { isDone: code === 0 || signal === "SIGINT", output };
};

/** The commands for a function of one's own have a test of their own, which runs them in a copy. */
const pages = [...PAGES].filter(
  ([file, page]) => !file.endsWith("your-own-function.md") && commandsOf(page).length > 0,
);

test.each(pages)(
  "the commands in %s that can run here do",
  async (_, page) => {
    for (const command of commandsOf(page)) {
      expect({ command, ...(await run(command)) }).toMatchObject({ command, isDone: true });
    }
  },
  120_000,
);
