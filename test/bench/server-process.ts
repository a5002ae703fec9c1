import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ROUTES } from "../../functions/routes.ts";

const START_MS = 20_000;

const findFreePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

const isListening = (url: string) =>
  fetch(url + ROUTES.createStudySession.path, { method: "OPTIONS" }).then(
    () => true,
    () => false,
  );

/**
 * Starts a server on a free port, whose lines about each request nobody reads.
 * @returns once it responds: its URL, and a function that ends it
 * @throws Error when it ends by itself, or does not respond in time
 */
export const startServer = async (
  command: string,
  argumentsFor: (port: number) => readonly string[],
  variablesFor: (port: number) => Readonly<Record<string, string>> = () => ({}),
) => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(command, argumentsFor(port), {
    env: { PATH: process.env.PATH, ...variablesFor(port) },
    stdio: "ignore",
  });
  const exited = once(child, "exit");
  const deadline = performance.now() + START_MS;
  const close = async () => {
    if (child.exitCode === null) child.kill();
    await exited;
  };
  while (!(await isListening(url))) {
    const isOver = child.exitCode !== null || performance.now() > deadline;
    if (isOver) {
      await close();
      throw new Error(`${command} ${argumentsFor(port).join(" ")} does not respond`);
    }
    await wait(50);
  }
  return { url, close };
};
