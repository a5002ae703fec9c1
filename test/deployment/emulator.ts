import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { listen } from "../../lib/listen.ts";
import { PYTHON_PROGRAMS } from "./packages.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-central-1";

const findFreePort = async () => {
  const { port, close } = await listen(() => {}, { port: 0, host: "127.0.0.1" });
  await close();
  return port;
};

interface Options {
  /** The folder in which the emulator keeps its files. */
  readonly folder: string;
  readonly enforcesIam: boolean;
}

const settings = (port: number, { folder, enforcesIam }: Options) => ({
  // Without it, the emulator listens on all addresses of the machine.
  BIND_HOST: "127.0.0.1",
  GATEWAY_PORT: String(port),
  AUTH: String(enforcesIam),
  MINISTACK_ACCOUNT_ID: ACCOUNT,
  MINISTACK_REGION: REGION,
  TMPDIR: folder,
  STATE_DIR: join(folder, "state"),
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
});

/** Starts MiniStack, an emulated AWS account whose services all listen on one port of 127.0.0.1. */
export const startEmulator = async (options: Options) => {
  const port = await findFreePort();
  const program = join(import.meta.dirname, "emulator.py");
  const child = spawn(join(PYTHON_PROGRAMS, "python"), [program], {
    cwd: options.folder,
    env: { PATH: process.env.PATH, ...settings(port, options) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const output: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      output.push(line);
      if (line.includes("Running on")) resolve();
    });
    exited.then(() => reject(new Error(output.join("\n"))), reject);
  });
  await ready;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill();
      await exited;
    },
  };
};

export type Emulator = Awaited<ReturnType<typeof startEmulator>>;
