import { afterAll, beforeAll, describe, jest, test } from "@jest/globals";
import { ALL_KINDS, CALLS, faultsOf, nameFault, scenariosOf } from "../support/fault-scenarios.ts";
import { runScenario } from "../support/run-scenario.ts";
import { openTestTable, type TestTable } from "../support/test-table.ts";

const casesOf = ({ reads, writes }: (typeof CALLS)["keyed" | "unkeyed"]) =>
  faultsOf([...reads, ...writes], ALL_KINDS).map((fault) => ({ fault, name: nameFault(fault) }));

describe.each([1, 3])("with ids in blocks of %d", (idBlockSize) => {
  let table: TestTable;

  beforeAll(async () => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
    table = await openTestTable();
  });

  afterAll(() => table.close());

  describe("with a key, one session and one answer come of", () => {
    test.each(casesOf(CALLS.keyed))("$name", async ({ fault }) => {
      for (const twin of [false, true]) {
        for (const scenario of scenariosOf(true, [[{ ...fault, twin }]])) {
          await runScenario(scenario, table, idBlockSize);
        }
      }
    });
  });

  describe("without a key, no 201 is wrong after", () => {
    test.each(casesOf(CALLS.unkeyed))("$name", async ({ fault }) => {
      for (const scenario of scenariosOf(false, [[fault]])) await runScenario(scenario, table, idBlockSize);
    });
  });
});
