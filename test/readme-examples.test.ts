import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createService } from "./support/service.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { openTestTable, type TestTable } from "./support/test-table.ts";

const run = promisify(execFile);

const README = readFileSync("README.md", "utf8");
const LOCAL_URL = "http://localhost:5000";

/** @returns what is in the first block of this language under the heading */
const findExample = (heading: string, language: string) => {
  const [, section = ""] = README.split(new RegExp(`^#+ ${heading}$`, "m"));
  const [, code] =
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(section.split(/^## /m)[0] ?? "") ?? [];
  if (code === undefined) throw new Error(`There is no ${language} under ${heading}`);
  return code;
};

const curlExamples = [...README.matchAll(/```sh\n(curl [^`]*)```\n\n```json\n(.*?)\n```/gs)].map(
  ([, command = "", answer = ""]) => ({ command, answer: JSON.parse(answer) }),
);

const testWith = (program: string) =>
  spawnSync(program, ["--version"]).error === undefined ? test : test.skip;

let table: TestTable;
let service: ReturnType<typeof createService>;
let gateway: TestGateway;

beforeAll(async () => {
  table = await openTestTable();
  service = createService(table.endpoint, table.tableName);
  gateway = await startTestGateway(service.handler);
});

afterAll(async () => {
  await gateway.close();
  service.client.destroy();
  await table.close();
});

/** As it stands in the README, but for the port. */
const here = (example: string) => {
  expect(example).toContain(LOCAL_URL);
  return example.replaceAll(LOCAL_URL, `http://localhost:${gateway.port}`);
};

const expectCreated = (output: string) => {
  expect(service.log.at(-1)).toMatchObject({ status: 201, id: Number(output) });
};

test("there are requests with curl", () => {
  expect(curlExamples.length).toBeGreaterThan(1);
});

testWith("curl").each(curlExamples)("curl is answered $answer", async ({ command, answer }) => {
  const { stdout } = await run("bash", ["-c", here(command)]);
  const { id, created_at, ...others } = JSON.parse(stdout);
  const changing = id === undefined ? {} : { id: answer.id, created_at: answer.created_at };
  expect({ ...others, ...changing }).toEqual(answer);
  expect(Object.keys(JSON.parse(stdout))).toEqual(Object.keys(answer));
});

test("fetch creates a session", async () => {
  const program = here(findExample("Call it from a program", "js"));
  expectCreated((await run(process.execPath, ["--input-type=module", "-e", program])).stdout);
});

testWith("python3")("Python creates a session", async () => {
  const program = here(findExample("Call it from a program", "python"));
  expectCreated((await run("python3", ["-c", program])).stdout);
});

test("the portal's front end creates a session with the change", async () => {
  const lines = here(findExample("Its front end", "diff")).split("\n");
  const changed = lines.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
  const program = `${changed.join("\n")}; console.log((await createStudySession(1, 2)).session_id);`;
  expectCreated((await run(process.execPath, ["--input-type=module", "-e", program])).stdout);
});
