import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { createSessions } from "../support/create-sessions.ts";
import { openTestPortal, type TestPortal } from "../support/portal.ts";
import { createPortalFile } from "../support/portal-file.ts";
import { createRequest } from "../support/requests.ts";
import { runHere } from "../support/run-here.ts";
import { sendOverHttp } from "../support/send.ts";
import { startCommandProcess, startServiceProcess } from "../support/service-process.ts";
import { useTableOfTest } from "../support/use-table.ts";

const { table } = useTableOfTest();
let folder: string;
let file: string;
let server: TestPortal;

beforeEach(() => {
  folder = createFolder();
  file = createPortalFile({ file: join(folder, "words.db"), sessions: [[40, 1, 2, "2025-02-20 12:00:00"]] });
  server = openTestPortal(file);
});

/** Runs the command to its end, and replaces the names of the file and the table in what it prints. */
const run = async (...args: string[]) => {
  const variables = { AWS_ENDPOINT_URL_DYNAMODB: table.endpoint };
  const { code, stdout, stderr } = await runHere("bin/sync.ts", variables, ...args);
  const output = (stderr + stdout).replaceAll(file, "words.db").replaceAll(table.tableName, "StudySessions");
  return { code, output: output.trimEnd().split("\n") };
};

const sync = (...args: string[]) => run(file, "--table", table.tableName, ...args);

const readTable = async () =>
  (await table.client.send(new ScanCommand({ TableName: table.tableName }))).Items?.toSorted((one, other) =>
    one.pk < other.pk ? -1 : 1,
  );

/** Reads each file of the folder with its content. */
const readFolder = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));

const FIRST_PASS =
  "StudySessions: 1 study session added, 1 group added, 1 group removed, 1 study activity changed, 4 study activities removed";

test("copies what each side owns, once", async () => {
  await createSessions({ ...table, count: 2 });
  expect(await sync()).toEqual({
    code: 0,
    output: [
      "words.db is shared for the first time. Keep a backup: the study sessions of the service are added to it. StudySessions has such sessions already. If they are from a trial, end the command, restore the backup, and delete the table's data",
      `words.db: 2 study sessions added. ${FIRST_PASS}`,
    ],
  });
  expect(server.sessionIds()).toEqual([1, 2, 40]);
  expect(await sync()).toEqual({ code: 0, output: ["words.db and StudySessions: nothing to copy"] });
});

test("changes nothing in a dry run, not even beside a file with a write-ahead log", async () => {
  server.run("PRAGMA journal_mode = WAL; INSERT INTO groups VALUES (8, 'Numbers', 9)");
  await createSessions({ ...table, count: 2 });
  server.run("INSERT INTO study_sessions VALUES (2, 7, 2, '2025-02-20 12:00:00')");
  server.close();
  const [before, items] = [readFolder(), await readTable()];
  const { code, output } = await sync("--dry-run");
  expect(code).toBe(3);
  expect(output.toSorted()).toEqual([
    expect.stringMatching(
      /^Nothing was written. Without --dry-run: words.db: 1 study session added. StudySessions: /,
    ),
    "StudySessions has study sessions of the service already. If they are from a trial, delete the table's data before the first copy",
    expect.stringMatching(/^The portal creates study sessions itself/),
    expect.stringMatching(/^study session 2: the portal has another one with this id \(group 7, .*\)$/),
  ]);
  expect(readFolder()).toEqual(before);
  expect(await readTable()).toEqual(items);
});

test("says in a dry run what a first copy into the table of npm start would do", async () => {
  const DATA_DIR = join(folder, "data");
  expect(await runHere("bin/sync.ts", { DATA_DIR }, file, "--dry-run")).toEqual({
    code: 0,
    stdout:
      "Nothing was written. Without --dry-run: StudySessions: 1 study session added, 2 groups added, 1 study activity added\n",
    stderr: "",
  });
  expect(readdirSync(folder)).toEqual(["words.db"]);
});

test("names each session that the portal does not take, and what to change", async () => {
  server.run(
    "DELETE FROM study_sessions; INSERT INTO study_sessions VALUES (1, 7, 2, '2025-02-20 12:00:00')",
  );
  server.run(
    "CREATE TRIGGER closed BEFORE INSERT ON study_sessions WHEN new.id = 2 BEGIN SELECT RAISE(ABORT, 'no\u001b'); END",
  );
  await createSessions({ ...table, count: 3 });
  const { code, output } = await sync();
  expect(code).toBe(3);
  expect(output).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^study session 1: the portal has another one with this id \(group 7, .*\)$/),
      expect.stringMatching(
        /^The portal creates study sessions itself.* Change the portal's front end so that it creates them/,
      ),
      "study session 2 is not in the portal: no\\u001b",
    ]),
  );
  expect(server.sessionIds()).toEqual([1, 3]);
  expect(await sync()).toEqual({
    code: 3,
    output: expect.arrayContaining(["words.db and StudySessions: nothing else to copy now"]),
  });
});

test("lists at each start what the portal created under ids of a history that it reset", async () => {
  await createSessions({ ...table, count: 3 });
  expect((await sync()).code).toBe(0);
  server.run(
    "DELETE FROM study_sessions; INSERT INTO study_sessions VALUES (2, 7, 2, '2026-11-26 12:00:00'), (3, 7, 2, '')",
  );
  const reused = {
    code: 3,
    output: [
      expect.stringMatching(
        /^study session 2: the portal has another one with this id \(group 7, study activity 2, "2026-11-26 12:00:00"; in the table: group 1, study activity 2, ".*Z"\)$/,
      ),
      expect.stringMatching(/^study session 3: the portal has another one with this id \(.*\)$/),
      expect.stringMatching(/^The portal creates study sessions itself.*: see docs\/moving-over\.md$/),
      "words.db and StudySessions: nothing else to copy now",
    ],
  };
  expect(await sync("--dry-run")).toEqual(reused);
  expect(await sync()).toEqual(reused);
  expect(server.sessionIds()).toEqual([2, 3]);
});

test("names a file that can't be used, and writes nothing", async () => {
  const items = await readTable();
  expect(await run(join(folder, "none.db"), "--table", table.tableName)).toEqual({
    code: 1,
    output: [`${join(folder, "none.db")} can't be used: there is no such file`],
  });
  expect(await readTable()).toEqual(items);
});

test("works beside npm start, and for its table", async () => {
  const DATA_DIR = join(folder, "data");
  const service = startServiceProcess({ DATA_DIR });
  const send = sendOverHttp(await service.listening);
  await send(createRequest());
  expect(await runHere("bin/sync.ts", { DATA_DIR }, file)).toMatchObject({ code: 0, stderr: "" });
  expect(server.sessionIds()).toEqual([1, 40]);
  expect((await send(createRequest())).headers.location).toBe("/api/study-sessions/41");
});

test("says in a dry run too that it could not write", () => {
  // Root may write everywhere. It stays root, because another user may not be allowed to read the project.
  const restriction = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override"] : [];
  chmodSync(folder, 0o555);
  const [command = "", ...args] = [...restriction, process.execPath, "bin/sync.ts", file];
  const options = ["--table", table.tableName, "--dry-run"];
  const { status, stderr } = spawnSync(command, [...args, ...options], { encoding: "utf8" });
  chmodSync(folder, 0o777);
  expect(status).toBe(1);
  expect(stderr.replace(file, "words.db")).toBe("words.db can't be used: its folder is read-only\n");
});

test("says that there is no such table", async () => {
  const { code, output } = await run(file, "--table", "Elsewhere");
  expect(code).toBe(1);
  expect(output.at(-1)).toBe(`Elsewhere can't be used: there is no such table in ${table.endpoint}`);
});

test("takes names that are mapped by hand", async () => {
  server.run(
    "ALTER TABLE study_sessions RENAME TO learning; ALTER TABLE learning RENAME COLUMN created_at TO begun",
  );
  await createSessions({ ...table });
  const map = ["--map", "study_sessions=learning", "--map", "study_sessions.created_at=begun"];
  const { code, output } = await sync(...map);
  expect(code).toBe(0);
  expect(output).toContain("Read study_sessions from learning, with begun for created_at");
});

test("copies in both directions with --watch, goes on after failures, and ends with 3 when a session is left", async () => {
  const { output, printed, kill, exited } = startCommandProcess(
    "bin/sync.ts",
    { AWS_ENDPOINT_URL_DYNAMODB: table.endpoint },
    ...[file, "--table", table.tableName, "--watch"],
  );
  await printed(/^Watching /);
  await createSessions({ ...table });
  server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
  await printed(/StudySessions-.*: 1 group added$/);
  await printed(/words\.db: 1 study session added/);
  server.run("ALTER TABLE study_sessions RENAME TO kept; DELETE FROM groups WHERE id = 8");
  await printed(/StudySessions-.*: 1 group removed$/);
  await createSessions({ ...table });
  await printed(/words\.db can't be used: no such table.*\. The next pass tries again$/);
  const failed = output.length;
  server.run("ALTER TABLE kept RENAME TO study_sessions");
  await printed(/words\.db: 1 study session added$/, failed);
  expect(server.sessionIds()).toEqual([40, 41, 42]);

  server.run("INSERT INTO study_sessions VALUES (43, 7, 2, '2025-02-20 12:00:00')");
  await createSessions({ ...table });
  await printed(/study session 43: the portal has another one/);
  kill("SIGTERM");
  const ended = await exited;
  expect(ended.code).toBe(3);
  expect(ended.output).toMatch(
    /: 1 study session added\nstudy session 43: .*\nThe portal creates study sessions itself.*$/,
  );
});
