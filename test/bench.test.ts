import { expect, test } from "@jest/globals";
import { formatMarkdown, formatTable, interleave, median, p90 } from "./bench/measure.ts";
import { createPartitionLimiter } from "./bench/partition-limiter.ts";
import { readTable } from "./support/documentation.ts";
import { runHere } from "./support/run-here.ts";

/** The units are those of the engine that the tests run on. */
const { AWS_ENDPOINT_URL_DYNAMODB: endpoint } = process.env;
const variables = endpoint === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: endpoint };

const run = (...args: string[]) => runHere("test/bench/bench.ts", variables, ...args);

test("measures a part, as JSON", async () => {
  const { code, stdout, stderr } = await run("round-trips", "--rounds", "1", "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { machine, parts } = JSON.parse(stdout);
  expect(machine).toMatchObject({ node: process.version, cpus: expect.any(Number) });
  expect(Object.keys(parts)).toEqual(["round-trips"]);
  const [usage, dollars] = parts["round-trips"];
  const documented = readTable("docs/performance.md", "Round trips");
  const count = ({ request, ...row }: Readonly<Record<string, unknown>>) => [
    request,
    ...["calls", "in sequence", "write units", "read units"].map((column) => Number(row[column])),
  ];
  // One round does not use up a block of ids.
  const isCounted = ({ request = "" }: Readonly<Record<string, string>>) => !request.includes("blocks");
  expect(usage.rows.filter(isCounted).map(count)).toEqual(documented.filter(isCounted).map(count));
  expect(dollars.rows[0].together).toBeCloseTo(3.67);
}, 30_000);

test.each([
  ["read", 300],
  ["write", 100],
] as const)("lets %ss of one item through as often as a tenth of a partition", (kind, units) => {
  const takeUnit = createPartitionLimiter(1 / 10);
  const countTaken = (pk: string, second: number) =>
    Array.from({ length: 1000 }, (_, ms) => takeUnit(kind, pk, 1000 * second + ms)).filter(Boolean).length;
  expect(countTaken("group#1", 0)).toBe(units + 1);
  expect(countTaken("group#1", 1)).toBe(units);
  // Unused for a second, and for ten.
  expect([countTaken("group#2", 1), countTaken("group#3", 10)]).toEqual([2 * units - 1, 2 * units - 1]);
});

test.each([
  ["an unknown part", ["speed"], "Unknown part 'speed'"],
  ["two formats", ["--json", "--markdown"], "--json and --markdown can't be combined"],
  ["no rounds", ["--rounds", "0"], '--rounds: "0" is not a whole number from 1'],
])("shows its usage when called with %s", async (_, args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`^${message}[^]*Usage: npm run bench`));
});

test("explains itself when asked", async () => {
  expect(await run("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage:/),
    stderr: "",
  });
});

test("takes the middle, and the ninth of ten", () => {
  expect([median([3, 1, 2]), median([4, 1, 10, 3])]).toEqual([2, 3.5]);
  expect(p90([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(9);
});

test("lets candidates take turns, and throws the first round away", async () => {
  const turns: string[] = [];
  const candidates = { a: async () => turns.push("a"), b: async () => turns.push("b") };
  expect(await interleave(candidates, 2)).toEqual({ a: [3, 5], b: [4, 6] });
  expect(turns.join("")).toBe("ababab");
});

test("shows numbers to the right, and a part that was skipped by its note alone", () => {
  const rows = [
    { server: "ours", ms: 1234 },
    { server: "it", ms: 5.678 },
  ];
  expect(formatTable({ title: "Load", rows, notes: ["A note."] })).toBe(
    "Load\n\nserver     ms\nours    1,234\nit       5.68\n\nA note.",
  );
  expect(formatTable({ title: "Load", rows: [], notes: ["Skipped."] })).toBe("Load\n\nSkipped.");
});

test("writes a table as Markdown", () => {
  const rows = [
    { server: "ours", ms: 1234 },
    { server: "it", ms: 5.678 },
  ];
  expect(formatMarkdown({ title: "Load", rows, notes: ["A note."] })).toBe(
    "### Load\n\n| server | ms |\n| --- | --- |\n| ours | 1,234 |\n| it | 5.68 |\n\nA note.",
  );
});
