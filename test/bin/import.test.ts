import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openTestTable } from "../engine.ts";

const GROUP = { id: 900, name: "Numbers", words_count: 10 };
const ACTIVITY = { id: 901, name: "Dictation", url: "http://localhost:8090", preview_url: "/dictation.png" };

let table: Awaited<ReturnType<typeof openTestTable>>;
let folder: string;

beforeAll(async () => {
  table = await openTestTable();
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await table.close();
});

const run = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [`${import.meta.dirname}/../../bin/import.ts`, ...args],
      { env: { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

const writeData = async (name: string, data: unknown) => {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(data));
  return file;
};

const readItem = async (pk: string) =>
  (await table.client.send(new GetCommand({ TableName: table.tableName, Key: { pk }, ConsistentRead: true })))
    .Item;

describe("the import", () => {
  test("writes groups and study activities, as often as it is asked to", async () => {
    const file = await writeData("good.json", { groups: [GROUP], study_activities: [ACTIVITY] });
    const expected = {
      code: 0,
      stdout: `2 of 2 written\n${table.tableName} has all of ${file}: groups 1, study activities 1\n`,
      stderr: "",
    };

    expect(await run(file, "--table", table.tableName)).toEqual(expected);
    expect(await run(file, "--table", table.tableName)).toEqual(expected);

    expect(await readItem("group#900")).toEqual({ pk: "group#900", ...GROUP });
    expect(await readItem("study_activity#901")).toEqual({ pk: "study_activity#901", ...ACTIVITY });
  });

  test("writes nothing of a file with a faulty row", async () => {
    const group = { ...GROUP, id: 950 };
    const file = await writeData("bad.json", { groups: [group, { ...group, id: -1 }], study_activities: [] });

    expect(await run(file, "--table", table.tableName)).toEqual({
      code: 1,
      stdout: "",
      stderr: `${file} can't be imported.\ngroups row 2, id: Invalid value: Expected >=1 but received -1\n`,
    });
    expect(await readItem("group#950")).toBeUndefined();
  });

  test("refuses a table that is not there", async () => {
    const file = await writeData("good.json", { groups: [GROUP], study_activities: [] });
    expect(await run(file, "--table", "Elsewhere")).toEqual({
      code: 1,
      stdout: "",
      stderr: "Elsewhere can't be written: there is no such table in this account and region\n",
    });
  });

  test("says what is wrong with a file that it can't read", async () => {
    const file = join(folder, "text.json");
    await writeFile(file, "groups");
    const notJson = await run(file, "--table", table.tableName);
    const absent = await run("absent.json", "--table", table.tableName);

    expect(notJson).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file} can't be imported.\nThis is not JSON`),
    });
    expect(absent).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("absent.json can't be imported.\nENOENT"),
    });
  });

  test.each([
    ["no file", ["--table", "StudySessions"], "One file is needed"],
    ["no table", ["data.json"], "--table is missing"],
    [
      "a table that can't be one",
      ["data.json", "--table", "a b"],
      '--table: "a b" is not the name of a table',
    ],
    ["an unknown option", ["data.json", "--dry"], "Unknown option '--dry'"],
  ])("shows its usage when called with %s", async (_, args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^${message}[^]*Usage: npm run import`));
  });

  test("explains itself when asked", async () => {
    expect(await run("--help")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage:/),
      stderr: "",
    });
  });
});
