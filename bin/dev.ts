import { spawn } from "node:child_process";
import { once } from "node:events";
import { keepSignalHandlers, refuseArguments, runCommand } from "./command-line.ts";
import { readServiceSettings, SERVICE_VARIABLES } from "./local-settings.ts";

const USAGE = `Usage: npm run dev

Does what npm start does, and restarts when a file in bin, functions or lib changes, until Ctrl-C.

  --help   shows this

Variables of the environment:

${SERVICE_VARIABLES}

Exit codes: 0 after Ctrl-C; 2 an option or a variable is wrong.`;

const WATCHED_FOLDERS = ["bin", "functions", "lib"];

/** Starts the service under `node --watch`, which would wait for changes even after a wrong call. */
const watch = async () => {
  readServiceSettings(process.env);
  const paths = WATCHED_FOLDERS.map((folder) => `--watch-path=${folder}`);
  const options = [...paths, "--watch-preserve-output", "--disable-warning=ExperimentalWarning"];
  const watcher = spawn(process.execPath, [...options, "bin/start.ts"], {
    // Node's watcher ends when its output is lost, so only a terminal takes the output directly.
    stdio: process.stdout.isTTY ? "inherit" : ["inherit", "pipe", "pipe"],
  });
  watcher.stdout?.on("data", (data) => process.stdout.write(data));
  watcher.stderr?.on("data", (data) => process.stderr.write(data));
  keepSignalHandlers();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => watcher.kill(signal));
  const [code] = await once(watcher, "close");
  process.exitCode = code ?? 1;
};

await runCommand({ usage: USAGE, options: {}, readArguments: refuseArguments, run: watch });
