import { expect, test } from "@jest/globals";
import { readDocumentation, readTable } from "./support/documentation.ts";

/** The bench prints this table, and its test compares the table with what it counts. */
const rows = readTable("docs/performance.md", "Round trips");

const costOf = (request: string) => {
  const row = rows.find((each) => each.request === request);
  if (row === undefined) throw new Error(`Nothing is documented of ${request}`);
  return row;
};

test.each([
  ["create without a key", "without a key"],
  ["create with a key", "with a key"],
  ["replay", "replay of a key"],
])("the documented steps of a %s are those that the bench counts", (name, request) => {
  const known = costOf(`references known, ${request}`);
  const { calls, "in sequence": sequence } = costOf(request);
  const steps = readTable("docs/writing.md", "The steps").find((row) => row[""] === name);
  expect(steps).toEqual({
    "": name,
    "round trips": sequence,
    calls,
    "calls when group and activity are known": known.calls,
  });
});

test.each([
  ["with idempotency keys", "with a key"],
  ["group and activity known", "references known, without a key"],
  ["group and activity known, with idempotency keys", "references known, with a key"],
  [
    "group and activity known, [ids in blocks](limits.md#ids) of 20",
    "references known, without a key, ids in blocks of 20",
  ],
  ["replays", "replay of a key"],
  ["reading one session", "reading one session"],
  ["reading a page of 20", "reading a page of 20"],
])("the cost of %s is that of the units that the bench counts", (name, request) => {
  const { "read units": reads, "write units": writes } = costOf(request);
  expect(readDocumentation("docs/running.md")).toContain(`\n| ${name} | ${reads}, ${writes} | `);
});

test("the calls that the README names are those that the bench counts", () => {
  const [without, withKey] = ["references known, without a key", "references known, with a key"].map(costOf);
  expect(readDocumentation("README.md")).toContain(
    `makes ${without?.calls} calls to DynamoDB, and ${withKey?.calls} with a key:`,
  );
});
