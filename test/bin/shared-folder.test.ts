import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { createFolder } from "../support/create-folder.ts";
import { createRequest } from "../support/requests.ts";
import { runHere } from "../support/run-here.ts";
import { sendOverHttp } from "../support/send.ts";
import { startCommandProcess, startServiceProcess } from "../support/service-process.ts";

const NUMBERS = { id: 3, name: "Numbers" };
const DICTATION = { id: 6, name: "Dictation" };
const BOTH = { groups: [NUMBERS], study_activities: [DICTATION] };

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = createFolder();
  dataDir = join(folder, "data");
});

const start = () => startServiceProcess({ DATA_DIR: dataDir });

const run = (command: string, ...args: string[]) =>
  runHere(`bin/${command}.ts`, { DATA_DIR: dataDir }, ...args);

const writeData = async (data: object) => {
  const file = join(folder, "data.json");
  await writeFile(file, JSON.stringify(data));
  return file;
};

const importData = async (data: object, ...args: string[]) => run("import", await writeData(data), ...args);

const createSession = async (url: string, group_id: number, study_activity_id: number) => {
  const { status } = await sendOverHttp(url)({
    ...createRequest(),
    body: JSON.stringify({ group_id, study_activity_id }),
  });
  return status;
};

const expectCommandsToWork = async () => {
  expect(await importData({ groups: [NUMBERS], study_activities: [] })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^StudySessions has all of .*\n$/),
  });
  expect(await run("import", "--list")).toMatchObject({ stdout: expect.stringContaining("3  Numbers") });
  expect(await run("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing found") });
};

test("commands work while npm start runs, after it was killed, and while it runs again", async () => {
  const first = start();
  const url = await first.listening;
  expect(await createSession(url, NUMBERS.id, DICTATION.id)).toBe(404);
  expect(await importData(BOTH, "--replace")).toMatchObject({ code: 0 });
  expect(await createSession(url, NUMBERS.id, DICTATION.id)).toBe(201);
  await expectCommandsToWork();

  first.kill("SIGKILL");
  await first.exited;
  await expectCommandsToWork();

  const second = start();
  expect(await createSession(await second.listening, NUMBERS.id, DICTATION.id)).toBe(201);
  await expectCommandsToWork();
  // The samples that the import has replaced do not come back.
  expect(await second.printed(/^Groups:/)).toBe("Groups:            3 Numbers");
  expect(await second.printed(/^Study activities:/)).toBe("Study activities:  6 Dictation");
  // A command also ends by itself.
  const listing = startCommandProcess("bin/import.ts", { DATA_DIR: dataDir }, "--list");
  expect(await listing.exited).toMatchObject({ code: 0, output: expect.stringContaining("3  Numbers") });
});

const RESOURCE_IN_USE = JSON.stringify({
  __type: "com.amazonaws.dynamodb.v20120810#ResourceInUseException",
  message: "",
});

/** Stands in for a process that has the folder open, and ends after its first response: the table exists already. */
const startEndingProcess = async () => {
  await mkdir(join(dataDir, "socket"), { recursive: true });
  const server = createServer((_, response) => {
    response.writeHead(400, { connection: "close" }).end(RESOURCE_IN_USE);
    server.close();
  });
  await once(server.listen(join(dataDir, "socket", "engine")), "listening");
};

const testOnUnix = process.platform === "win32" ? test.skip : test;

testOnUnix("the import ends with one line when the other process ends at once", async () => {
  await startEndingProcess();
  const file = await writeData(BOTH);
  expect(await startCommandProcess("bin/import.ts", { DATA_DIR: dataDir }, file).exited).toMatchObject({
    code: 1,
    output:
      `The database at ${dataDir} can't be used: the process that had ${dataDir} open has ended. ` +
      "Run the command again",
  });
});

test("commands work while npm run db runs", async () => {
  const database = await startEmbeddedDatabase({ dataDir });
  await importData({ groups: [NUMBERS], study_activities: [] });
  await expectCommandsToWork();
  await database.close();
});
