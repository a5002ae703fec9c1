import { runCommand } from "../../bin/command-line.ts";
import { parseWholeNumber } from "../../functions/parse-integer.ts";
import { measureColdStart } from "./cold-start.ts";
import { describeMachine } from "./machine.ts";
import { formatMarkdown, formatTable, type Table } from "./measure.ts";
import { measureRoundTrips } from "./round-trips.ts";
import { measureScale } from "./scale.ts";
import { measureThroughput } from "./throughput.ts";
import { measureWarmPath } from "./warm-path.ts";

const PARTS: Readonly<Record<string, (rounds?: number) => Promise<Table[]>>> = {
  "cold-start": measureColdStart,
  "warm-path": measureWarmPath,
  "round-trips": measureRoundTrips,
  throughput: measureThroughput,
  scale: measureScale,
};

const USAGE = `Usage: npm run bench -- [part…] [--rounds <n>] [--json | --markdown]

Compares the service with its alternatives, all in one run, and prints medians.

  cold-start     loading the deployed bundle, and its first response, in fresh processes over TLS
  warm-path      one invocation with the network cut off, and what it allocates
  round-trips    calls, units of capacity and dollars of a create and of reading, and their latency with 5 ms put on every call
  throughput     npm start beside Flask and gunicorn, with SQLite, at 1, 8 and 64 connections
  scale          where creates stop because an item takes no more writes; a round is one simulated second
  --rounds <n>   how often everything is repeated; each part has its own default
  --json         prints JSON
  --markdown     prints Markdown, to be pasted into the documentation
  --help         shows this

Without a part, measures all parts.

Exit codes: 0 everything was measured; 1 something failed; 2 an argument is wrong.`;

const readRounds = (text: string) => {
  const rounds = parseWholeNumber(text, { min: 1, max: Number.MAX_SAFE_INTEGER });
  if (rounds !== undefined) return rounds;
  throw new Error(`--rounds: "${text}" is not a whole number from 1`);
};

interface Input {
  readonly names: readonly string[];
  readonly rounds: number | undefined;
  readonly json: boolean;
  readonly markdown: boolean;
}

const measure = async ({ names, rounds, json, markdown }: Input) => {
  const formatOne = markdown ? formatMarkdown : formatTable;
  const machine = await describeMachine();
  if (!json) for (const [name, value] of Object.entries(machine)) console.log(`${name}: ${value}`);
  const parts: Record<string, Table[]> = {};
  for (const name of names) {
    const tables = (await PARTS[name]?.(rounds)) ?? [];
    parts[name] = tables;
    if (!json) for (const table of tables) console.log(`\n${formatOne(table)}`);
  }
  if (json) console.log(JSON.stringify({ machine, parts }, undefined, 2));
};

await runCommand({
  usage: USAGE,
  options: {
    rounds: { type: "string" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  },
  readArguments: ({ values, positionals }) => {
    const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
    if (unknown !== undefined) throw new Error(`Unknown part '${unknown}'`);
    const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
    const rounds = values.rounds === undefined ? undefined : readRounds(values.rounds);
    const { json, markdown } = values;
    if (json && markdown) throw new Error("--json and --markdown can't be combined");
    return { names, rounds, json, markdown };
  },
  run: measure,
});
