import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { beforeEach, expect, test } from "@jest/globals";
import { findExamples, PAGES } from "./support/documentation.ts";
import { range } from "./support/range.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { sessionWithId, setCounter, storeSessions } from "./support/stored-sessions.ts";
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

const { table, startService } = useTable();
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

const expectCreated = (output: unknown) => {
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

const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: string[]
) => (console: object) => Promise<void>;

/** @returns the lines that the program prints */
const runJavaScript = async (program: string) => {
  const lines: string[] = [];
  await new AsyncFunction("console", program)({ log: (...words: unknown[]) => lines.push(words.join(" ")) });
  return lines;
};

test("fetch creates a session", async () => {
  const [program] = findExamples("docs/calling.md", "One request", "js");
  const [id] = await runJavaScript(here(program));
  expectCreated(id);
});

testWith("python3")("Python creates a session", async () => {
  const [program] = findExamples("docs/calling.md", "One request", "python");
  expectCreated((await run("python3", ["-c", here(program)])).stdout);
});

test("the client that retries creates a session", async () => {
  const [client, call] = findExamples("docs/calling.md", "A client that retries", "js");
  const [id] = await runJavaScript(`${client}; ${here(call)}`);
  expectCreated(id);
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
  const ids = range(1, 120);
  await storeSessions(table, ids);
  await setCounter(table, ids.length);
  const [program] = findExamples("docs/calling.md", "Read sessions", "js");
  const stored = ids.toReversed().map(sessionWithId);
  expect(await runJavaScript(here(program))).toEqual(
    stored.map(({ id, created_at }) => `${id} ${created_at}`),
  );
});
