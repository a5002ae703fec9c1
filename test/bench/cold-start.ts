import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openTestTable } from "../engine.ts";
import { createEvent } from "../events.ts";
import { type Bundle, createBundles } from "./bundles.ts";
import { interleave, median, p90, type Table } from "./measure.ts";

const run = promisify(execFile);

const ROUNDS = 25;

const start = async ({ path, handlerName }: Bundle, variables: Readonly<Record<string, string>>) => {
  const script = join(import.meta.dirname, "first-invocation.cjs");
  const { stdout } = await run(process.execPath, [script, path, handlerName, JSON.stringify(createEvent())], {
    env: variables,
  });
  const times: { load: number; first201: number } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return times;
};

/** Loads each bundle in fresh processes, and lets it answer its first request from an engine on this machine. */
export const measureColdStart = async (rounds = ROUNDS): Promise<Table[]> => {
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const table = await openTestTable();
  const variables = {
    TABLE_NAME: table.tableName,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    // Stands for the runtime's own SDK.
    NODE_PATH: join(import.meta.dirname, "../../node_modules"),
  };
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
    const names = ["ours", "bare", "cdk-default", "express"] as const;
    const loadOf = (name: (typeof names)[number]) => samples[name].map(({ load }) => load);
    const first201Of = (name: (typeof names)[number]) => samples[name].map(({ first201 }) => first201);
    const rows = names.map((name) => ({
      bundle: name,
      KB: bundles[name].bytes / 1000,
      "load ms": median(loadOf(name)),
      "load p90": p90(loadOf(name)),
      "ours / it": median(loadOf("ours")) / median(loadOf(name)),
      "first 201 ms": median(first201Of(name)),
      "first 201 p90": p90(first201Of(name)),
      "ours / it, 201": median(first201Of("ours")) / median(first201Of(name)),
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
