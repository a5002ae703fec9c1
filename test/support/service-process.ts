import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { runAtEnd } from "./run-at-end.ts";

/** Starts a script of `bin/` without npm, on a free port unless `variables` name one. It ends with the test. */
export const startCommandProcess = (
  script: string,
  variables: Readonly<Record<string, string>>,
  ...args: string[]
) => {
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...inherited, NODE_OPTIONS: "", NO_COLOR: "1", PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const exited = once(child, "close").then(([code, signal]) => ({ code, signal, output: output.join("\n") }));
  const lines = new EventEmitter<{ line: [string] }>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      output.push(line);
      lines.emit("line", line);
    });
  }
  /** Resolves with the first line that matches, be it printed already or not. `from` is the index of a line. */
  const printed = (pattern: RegExp, from = 0) =>
    new Promise<string>((resolve, reject) => {
      const look = (line: string) => pattern.test(line) && resolve(line);
      output.slice(from).forEach(look);
      lines.on("line", look);
      exited.then(({ output }) => reject(new Error(output)));
    });
  runAtEnd(() => {
    child.kill("SIGKILL");
    return exited;
  });
  const kill = (signal: NodeJS.Signals) => child.kill(signal);
  /** Closes the pipes that the process prints to. */
  const stopReading = () => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  return { pid: child.pid, kill, printed, exited, output, stopReading };
};

/** Starts `npm start` without npm. */
export const startServiceProcess = (variables: Readonly<Record<string, string>>, ...args: string[]) => {
  const service = startCommandProcess("bin/start.ts", variables, ...args);
  const listening = service.printed(/Study sessions at /).then((line) => /at (\S+),/.exec(line)?.[1] ?? "");
  // A process that is expected to fail is looked at by way of `exited` alone.
  listening.catch(() => {});
  return { ...service, listening };
};
