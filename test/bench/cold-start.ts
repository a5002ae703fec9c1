import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createEvent } from "../support/events.ts";
import { openTestTable } from "../support/test-table.ts";
import { type Bundle, createBundles } from "./bundles.ts";
import { interleave, median, p90, type Table } from "./measure.ts";

const run = promisify(execFile);

const ROUNDS = 25;

interface Times {
  /** Milliseconds until the handler could be invoked, and until it had answered its first request. */
  readonly load: number;
  readonly first201: number;
}

const start = async ({ path, handlerName }: Bundle, variables: Readonly<Record<string, string>>) => {
  const script = join(import.meta.dirname, "first-invocation.cjs");
  const { stdout } = await run(process.execPath, [script, path, handlerName, JSON.stringify(createEvent())], {
    env: variables,
  });
  const times: Times = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return times;
};

/** How the bundle finds the engine, and the credentials that Lambda would put there. */
const variablesFor = ({ tableName, endpoint }: Readonly<Record<"tableName" | "endpoint", string>>) => ({
  TABLE_NAME: tableName,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  // Stands for the runtime's own SDK.
  NODE_PATH: join(import.meta.dirname, "../../node_modules"),
});

const summarize = (samples: readonly Times[], { bytes }: Bundle, ours: readonly Times[]) => {
  const columnOf = (times: readonly Times[], name: keyof Times) => times.map((time) => time[name]);
  const loads = columnOf(samples, "load");
  const first201s = columnOf(samples, "first201");
  return {
    KB: bytes / 1000,
    "load ms": median(loads),
    "p90 ms": p90(loads),
    "ours / it": median(columnOf(ours, "load")) / median(loads),
    "first 201 ms": median(first201s),
    "first 201, p90 ms": p90(first201s),
    "first 201, ours / it": median(columnOf(ours, "first201")) / median(first201s),
  };
};

/** Loads each bundle in fresh processes, and lets it answer its first request from an engine on this machine. */
export const measureColdStart = async (rounds = ROUNDS): Promise<Table[]> => {
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const table = await openTestTable();
  const variables = variablesFor(table);
  try {
    const bundles = await createBundles(folder);
    const samples = await interleave(
      {
        ours: () => start(bundles.ours, variables),
        bare: () => start(bundles.bare, variables),
        "cdk-default": () => start(bundles["cdk-default"], variables),
        express: () => start(bundles.express, variables),
      },
      rounds,
    );
    const rows = (["ours", "bare", "cdk-default", "express"] as const).map((bundle) => ({
      bundle,
      ...summarize(samples[bundle], bundles[bundle], samples.ours),
    }));
    const notes = [
      `${rounds} fresh processes each, in turn. Both times begin when the bundle starts to load, not with Node itself.`,
      "cdk-default leaves the SDK outside: here it is loaded from node_modules, in Lambda from the runtime's own.",
    ];
    return [{ title: "Cold start", rows, notes }];
  } finally {
    await table.close();
    await rm(folder, { recursive: true });
  }
};
