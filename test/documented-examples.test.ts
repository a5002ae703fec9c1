import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { beforeEach, expect, test } from "@jest/globals";
import pMap from "p-map";
import { findExamples, PAGES } from "./support/documentation.ts";
import { createRequest } from "./support/requests.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { useTable } from "./support/use-table.ts";

const run = promisify(execFile);

const LOCAL_URL = "http://localhost:5000";

const curlExamples = [...PAGES.values()].flatMap((page) =>
  [...page.matchAll(/```sh\n(curl [^`]*)```\n\n```json\n(.*?)\n```/gs)].map(
    ([, command = "", response = ""]) => ({ command, response: JSON.parse(response) }),
  ),
);

const testWith = (program: string) =>
  spawnSync(program, ["--version"]).error === undefined ? test : test.skip;

const { startService } = useTable();
let service: ReturnType<typeof startService>;
let gateway: TestGateway;

beforeEach(async () => {
  service = startService();
  gateway = await startTestGateway(service.handler);
  runAtEnd(gateway.close);
});

/** Replaces the documented port with the port of the test. */
const here = (example = "") => {
  expect(example).toContain(LOCAL_URL);
  return example.replaceAll(LOCAL_URL, `http://localhost:${gateway.port}`);
};

const createSession = async () => {
  const { status, body } = await service.send(createRequest());
  expect({ status, body }).toMatchObject({ status: 201 });
  return JSON.parse(body) as { readonly id: number; readonly created_at: string };
};

const expectCreated = (output: string) => {
  expect(service.log.at(-1)).toMatchObject({ status: 201, id: Number(output) });
};

test("there are requests with curl", () => {
  expect(curlExamples.length).toBeGreaterThan(1);
});

testWith("curl").each(curlExamples)("curl gets the response $response", async ({ command, response }) => {
  const { stdout } = await run("bash", ["-c", here(command)]);
  const { id, created_at, ...others } = JSON.parse(stdout);
  const changing = id === undefined ? {} : { id: response.id, created_at: response.created_at };
  expect({ ...others, ...changing }).toEqual(response);
  expect(Object.keys(JSON.parse(stdout))).toEqual(Object.keys(response));
});

const runJavaScript = async (program: string) =>
  (await run(process.execPath, ["--input-type=module", "-e", program])).stdout;

test("fetch creates a session", async () => {
  const [program] = findExamples("docs/calling.md", "One request", "js");
  expectCreated(await runJavaScript(here(program)));
});

testWith("python3")("Python creates a session", async () => {
  const [program] = findExamples("docs/calling.md", "One request", "python");
  expectCreated((await run("python3", ["-c", here(program)])).stdout);
});

test("the client that retries creates a session", async () => {
  const [client, call] = findExamples("docs/calling.md", "A client that retries", "js");
  expectCreated(await runJavaScript(`${client}; ${here(call)}`));
});

/** Bash reads this line as the command prompt of Windows does. */
testWith("curl")("curl creates a session with the quotes that Windows needs", async () => {
  const [request] = findExamples("docs/calling.md", "On Windows", "bat");
  const { stdout } = await run("bash", ["-c", here(request)]);
  expectCreated(JSON.parse(stdout).id);
});

test("PowerShell is given the same request", async () => {
  const [request] = findExamples("docs/calling.md", "On Windows", "powershell");
  const [, url = "", body = ""] = /"(http.*?)".* -Body '(.*)'/.exec(here(request)) ?? [];
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  expectCreated(String(((await response.json()) as { id: number }).id));
});

test("a program reads all sessions, page by page", async () => {
  // All at once, a busy machine would respond to some with 503.
  const created = await pMap(Array.from({ length: 120 }), createSession, { concurrency: 8 });
  const [program] = findExamples("docs/calling.md", "Read sessions", "js");
  const lines = (await runJavaScript(here(program))).trim().split("\n");
  expect(lines).toEqual(expect.arrayContaining(created.map(({ id, created_at }) => `${id} ${created_at}`)));
});
