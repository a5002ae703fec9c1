import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const { scripts, engines } = JSON.parse(readFileSync("package.json", "utf8"));
const CHECK = "--require ./bin/check-node.cjs";

test("a Node that can't run TypeScript says in one line which one is needed", () => {
  const version = engines.node.replace(">=", "");
  // Without this option every Node that runs the tests can.
  const args = ["--no-strip-types", ...CHECK.split(" "), "bin/openapi.ts", "--help"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(new RegExp(`^Node ${version} or newer is needed, but this is v.*\n$`));
});

test("every command that runs TypeScript looks at its Node first", () => {
  const { app } = JSON.parse(readFileSync("cdk.json", "utf8"));
  const commands = [app, ...Object.values<string>(scripts)].flatMap((command) => command.split("&&"));
  const running = commands.filter((command) => /\bnode .*(\.ts|jest\.js)\b/.test(command));
  expect(running.length).toBeGreaterThan(7);
  expect(running.filter((command) => !command.includes(`node ${CHECK} `))).toEqual([]);
});
