import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { startCommandProcess } from "../support/service-process.ts";

const script = join(createFolder(), "greet.mts");

const USAGE =
  "Usage: npm run greet\n\nVariables of the environment:\n\n  PORT       5000\n  DATA_DIR   .data";

/** A command that greets, fails, or goes on until a signal, as its argument says. */
beforeAll(() =>
  writeFile(
    script,
    `import { CallError, endOnSignal, runCommand } from ${JSON.stringify(pathToFileURL("bin/command-line.ts").href)};
     await runCommand({
       usage: ${JSON.stringify(USAGE)},
       options: { loud: { type: "boolean", default: false } },
       readArguments: ({ values: { loud }, positionals: [name = "you"] }) => {
         if (name === "nobody") throw new Error("Nobody is there");
         return loud ? name.toUpperCase() : name;
       },
       run: async (name) => {
         if (name === "call") throw new CallError("PORT: wrong");
         if (name === "fail") throw new Error("It failed\\u001b");
         if (name === "all") {
           const timer = setInterval(() => {}, 1000);
           endOnSignal(() => clearInterval(timer));
         }
         console.log("Hello " + name);
       },
     });`,
  ),
);

const hint = (variable: string, value: string) =>
  `: set the variable ${variable}, as in ${variable}=${value} npm run greet`;

test.each([
  [["me", "--loud"], {}, 0, "Hello ME"],
  [["nobody", "--help"], {}, 0, USAGE],
  [["-h"], {}, 0, USAGE],
  [["nobody"], {}, 2, `Nobody is there\n\n${USAGE}`],
  [["--prot"], {}, 2, `Unknown option '--prot'\n\n${USAGE}`],
  [["--port", "5001"], {}, 2, `Unknown option '--port'${hint("PORT", "5001")}\n\n${USAGE}`],
  [["--data-dir=x"], {}, 2, `Unknown option '--data-dir'${hint("DATA_DIR", "x")}\n\n${USAGE}`],
  // npm keeps --data-dir=x as "x", and --port 8001 as "true".
  [[], { npm_config_data_dir: "x" }, 2, `Unknown option '--data-dir'${hint("DATA_DIR", "x")}`],
  [["8001"], { npm_config_port: "true" }, 2, `Unknown option '--port'${hint("PORT", "8001")}`],
  [
    ["me"],
    { npm_config_loud: "true" },
    2,
    "npm kept --loud for itself, and nothing was done. Write: npm run greet -- me --loud",
  ],
  [["call"], {}, 2, "PORT: wrong"],
  [["fail"], {}, 1, "It failed\\u001b"],
])("a command that is called with %j and %j ends with code %d", async (args, kept, code, output) => {
  const variables = { npm_lifecycle_event: "greet", npm_command: "run-script", ...kept };
  const { exited } = startCommandProcess(script, variables, ...args);
  expect(await exited).toEqual({ code, signal: null, output });
});

const testOnPosix = process.platform === "win32" ? test.skip : test;

testOnPosix("a command ends with code 0 although signals arrive until its very end", async () => {
  for (let round = 0; round < 3; round++) {
    const { printed, kill, exited } = startCommandProcess(script, {}, "all");
    await printed(/^Hello all$/);
    while (kill("SIGINT")) await nextTurn();
    expect(await exited).toMatchObject({ code: 0, signal: null });
  }
});
