import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { createFolder } from "../support/create-folder.ts";
import { createRequest } from "../support/requests.ts";
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
  startCommandProcess(`bin/${command}.ts`, { DATA_DIR: dataDir }, ...args).exited;

const importData = async (data: object, ...args: string[]) => {
  const file = join(folder, "data.json");
  await writeFile(file, JSON.stringify(data));
  return run("import", file, ...args);
};

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
    output: expect.stringMatching(/^StudySessions has all of .*$/),
  });
  expect((await run("import", "--list")).output).toContain("3  Numbers");
  expect(await run("verify")).toMatchObject({ code: 0, output: expect.stringContaining("nothing found") });
};

test("commands work while npm start runs, after it was killed, and while it runs again", async () => {
  const first = start();
  const url = await first.listening;
  expect(await createSession(url, 3, 1)).toBe(404);
  await expectCommandsToWork();
  expect(await createSession(url, 3, 1)).toBe(201);

  first.kill("SIGKILL");
  await first.exited;
  await expectCommandsToWork();

  const second = start();
  expect(await createSession(await second.listening, 3, 1)).toBe(201);
  await expectCommandsToWork();
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
  expect(await importData(BOTH)).toMatchObject({
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

test("npm start adds no samples to a table that an import has made", async () => {
  await importData(BOTH);
  const service = start();
  const url = await service.listening;
  expect(await service.printed(/^Groups:/)).toBe("Groups:            3 Numbers");
  expect(await service.printed(/^Study activities:/)).toBe("Study activities:  6 Dictation");
  expect(await createSession(url, 3, 5)).toBe(404);
  expect(await createSession(url, 3, 6)).toBe(201);
});

test("npm start does not bring back the samples that an import has replaced", async () => {
  const first = start();
  await first.listening;
  expect(await importData(BOTH, "--replace")).toMatchObject({ code: 0 });
  first.kill("SIGTERM");
  await first.exited;
  expect(await start().printed(/^Groups:/)).toBe("Groups:            3 Numbers");
});
