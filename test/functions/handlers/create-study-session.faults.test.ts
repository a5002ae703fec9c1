import { afterAll, beforeAll, describe, jest, test } from "@jest/globals";
import {
  ALL_KINDS,
  CALLS,
  faultsOf,
  nameFault,
  REFERENCE_READS,
  scenariosOf,
} from "../../support/fault-scenarios.ts";
import { type Beginning, runScenario } from "../../support/run-scenario.ts";
import { openTestTable, type TestTable } from "../../support/test-table.ts";

const casesOf = (keyed: keyof typeof CALLS, { knowsReferences }: Beginning) => {
  const { reads, writes } = CALLS[keyed];
  const calls = [...reads, ...writes].filter((call) => !(knowsReferences && REFERENCE_READS.includes(call)));
  return faultsOf(calls, ALL_KINDS).map((fault) => ({ fault, name: nameFault(fault) }));
};

const BEGINNINGS: readonly Beginning[] = [
  { idBlockSize: 1, knowsReferences: false },
  { idBlockSize: 3, knowsReferences: false },
  { idBlockSize: 1, knowsReferences: true },
];

describe.each(BEGINNINGS)("beginning with %j", (beginning) => {
  let table: TestTable;

  beforeAll(async () => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
    table = await openTestTable();
  });

  afterAll(() => table.close());

  describe("with a key, one session and one answer come of", () => {
    test.each(casesOf("keyed", beginning))("$name", async ({ fault }) => {
      for (const twin of [false, true]) {
        for (const scenario of scenariosOf(true, [[{ ...fault, twin }]])) {
          await runScenario(scenario, table, beginning);
        }
      }
    });
  });

  describe("without a key, no 201 is wrong after", () => {
    test.each(casesOf("unkeyed", beginning))("$name", async ({ fault }) => {
      for (const scenario of scenariosOf(false, [[fault]])) await runScenario(scenario, table, beginning);
    });
  });
});
