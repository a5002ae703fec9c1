import { expect, test } from "@jest/globals";
import { runHere } from "../support/run-here.ts";

const COMMANDS = {
  start: "npm start",
  dev: "npm run dev",
  db: "npm run db",
  import: "npm run import",
  sync: "npm run sync",
  verify: "npm run verify",
  openapi: "npm run openapi",
};

test.each(Object.entries(COMMANDS))("%s explains itself when asked", async (name, call) => {
  expect(await runHere(`bin/${name}.ts`, {}, "--help")).toEqual({
    code: 0,
    stdout: expect.stringMatching(new RegExp(`^Usage: ${call}\\b[^]*\\nExit codes: `)),
    stderr: "",
  });
});

const NOT_A_NAME = '--table: "a b" is not the name of a table';

test.each([
  ["start", ["5001"], "Unexpected argument '5001'"],
  ["dev", ["5001"], "Unexpected argument '5001'"],
  ["db", ["8001"], "Unexpected argument '8001'"],
  ["import", ["--table", "StudySessions"], "One file is needed"],
  ["import", ["data.json", "--table", "a b"], NOT_A_NAME],
  ["import", ["data.db", "--map", "words"], '--map: "words" maps nothing'],
  ["import", ["data.json", "--list"], "--list takes no file"],
  ["import", ["--list", "--replace"], "--replace needs a file"],
  ["sync", [], "One file is needed: the portal's SQLite file"],
  ["sync", ["a.db", "b.db"], "One file is needed: the portal's SQLite file"],
  ["sync", ["a.db", "--watch", "--dry-run"], "--watch and --dry-run can't be combined"],
  ["sync", ["a.db", "--table", "a b"], NOT_A_NAME],
  ["sync", ["a.db", "--map", "words=x"], "--map"],
  ["verify", ["StudySessions"], "Unexpected argument 'StudySessions'"],
  ["verify", ["--table", "a b"], NOT_A_NAME],
  ["openapi", ["localhost"], '"localhost" is not a URL'],
  ["openapi", ["http://a", "http://b"], "One URL is enough"],
] as const)("%s shows its usage when called with %j", async (name, args, message) => {
  const { code, stdout, stderr } = await runHere(`bin/${name}.ts`, {}, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).toContain(`\n\nUsage: ${COMMANDS[name]}`);
});

test.each([
  ["start", [], { ALLOWED_ORIGINS: "portal" }, 'ALLOWED_ORIGINS: "portal" is not an origin'],
  ["dev", [], { PORT: "x" }, 'PORT: "x" is not a port'],
  ["db", [], { PORT: "x" }, 'PORT: "x" is not a port'],
  ["import", ["--list"], { TABLE_NAME: "x" }, 'TABLE_NAME: "x" is not the name of a table'],
  ["verify", [], { AWS_ENDPOINT_URL_DYNAMODB: "a:1" }, "AWS_ENDPOINT_URL_DYNAMODB: http:// is missing in"],
] as const)("%s %j refuses %j in one line", async (name, args, variables, message) => {
  const { code, stdout, stderr } = await runHere(`bin/${name}.ts`, variables, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr.indexOf("\n")).toBe(stderr.length - 1);
});

test("a command names the variable that does what an option was meant to do", async () => {
  // npm keeps --port=5001 for itself.
  const variables = { npm_lifecycle_event: "start", npm_config_port: "5001" };
  expect(await runHere("bin/start.ts", variables)).toEqual({
    code: 2,
    stdout: "",
    stderr: "Unknown option '--port': set the variable PORT, as in PORT=5001 npm start\n",
  });
});
