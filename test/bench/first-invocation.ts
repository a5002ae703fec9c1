import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { createEvent } from "../support/events.ts";
import type { Bundle } from "./bundles.ts";

export interface Time {
  /** The duration by the clock, in milliseconds. */
  readonly ms: number;
  /** The CPU time of the main thread, in milliseconds. */
  readonly cpuMs: number;
}

export type Phase = "load" | "first" | "both";
export type Times = Readonly<Record<Phase, Time>>;

const PERIOD_MS = 19;

type Child = ReturnType<typeof spawn>;

/** Stops and continues a process in turn, as Lambda does with a function whose memory buys less than a processor. */
const throttle = async (child: Child, share: number) => {
  const runMs = Math.round(PERIOD_MS * share);
  while (child.exitCode === null && child.signalCode === null) {
    await wait(runMs);
    child.kill("SIGSTOP");
    await wait(PERIOD_MS - runMs);
    child.kill("SIGCONT");
  }
};

/**
 * Loads a bundle in a process of its own, and invokes it once.
 * @param share - of a processor, which the process has once it has loaded the bundle
 */
export const invokeFirst = async (
  { path, handlerName }: Bundle,
  env: Readonly<Record<string, string>>,
  share = 1,
): Promise<Times> => {
  const script = join(import.meta.dirname, "first-invocation.cjs");
  // Long enough for the throttling to begin.
  const pauseMs = share < 1 ? PERIOD_MS : 2;
  const args = [script, path, handlerName, JSON.stringify(createEvent()), String(pauseMs)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  if (share < 1) child.stdout.once("data", () => throttle(child, share));
  const [stdout] = await Promise.all([text(child.stdout), once(child, "close")]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
};
