import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { interleave, median, p90, type Table } from "./measure.ts";
import { createWarmHandlers, invokeRepeatedly } from "./warm-handlers.ts";

const run = promisify(execFile);

const ROUNDS = 60;
const INVOCATIONS = 200;

const measureAllocations = async (rounds: number): Promise<Record<"bare" | "ours", number>> => {
  const flags = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];
  const script = join(import.meta.dirname, "allocations.ts");
  const { stdout } = await run(process.execPath, [...flags, script, String(rounds)]);
  return JSON.parse(stdout);
};

/** Measures one invocation without the network: this leaves the SDK's work and ours. */
export const measureWarmPath = async (rounds = ROUNDS): Promise<Table[]> => {
  const { bare, ours } = await createWarmHandlers();
  const samples = await interleave(
    { bare: () => invokeRepeatedly(bare, INVOCATIONS), ours: () => invokeRepeatedly(ours, INVOCATIONS) },
    rounds,
  );
  const bytes = await measureAllocations(rounds);
  const rows = (["ours", "bare"] as const).map((name) => ({
    handler: name,
    "median ns": Math.round(median(samples[name])),
    "p90 ns": Math.round(p90(samples[name])),
    "ours / it": median(samples.ours) / median(samples[name]),
    "bytes allocated": Math.round(bytes[name]),
    "ours / it, bytes": bytes.ours / bytes[name],
  }));
  const notes = [
    `${rounds} batches of ${INVOCATIONS} invocations each, in turn; medians and p90 are of the batches.`,
  ];
  return [{ title: "Warm path, one create without a key", rows, notes }];
};
