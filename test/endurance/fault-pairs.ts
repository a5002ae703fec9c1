import { beforeEach, jest, test } from "@jest/globals";
import {
  ALL_KINDS,
  CALLS,
  type Fault,
  faultsOf,
  nameFault,
  type Scenario,
  scenariosOf,
} from "../support/fault-scenarios.ts";
import { type Beginning, runScenario } from "../support/run-scenario.ts";
import { useTable } from "../support/use-table.ts";

/** Spreads two faults over the attempts of the client. @returns undefined if they can't be a pair */
type ToAttempts = (first: Fault, second: Fault) => Scenario["attempts"] | undefined;

/** Declares a test for each fault, of all scenarios in which it comes with a second one. */
export const testPairs = (toAttempts: ToAttempts, beginning: Beginning = {}) => {
  const { table } = useTable();

  beforeEach(() => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
  });

  test.each(CASES)(
    "$keyed: $name",
    async ({ keyed, first }) => {
      for (const scenario of pairScenarios(keyed, first, toAttempts)) {
        await runScenario(scenario, table, beginning);
      }
    },
    120_000,
  );
};

type Keyed = keyof typeof CALLS;

/*
 * To keep the number of pairs down, a few faults stand for the others: a read changes nothing, however it fails and
 * whatever it reads; and a throttled call differs from a refused one only in its response.
 */
const READ_KINDS = ["refused", "hanging", "process dies after"] as const;
const WRITE_KINDS = ALL_KINDS.filter((kind) => kind !== "throttled");
const READS = ["GetItem group", "GetItem idempotency_key", "GetItem study_session"];

const faultsForPairs = (keyed: Keyed) => [
  ...faultsOf(READS, READ_KINDS),
  ...faultsOf(CALLS[keyed].writes, WRITE_KINDS),
];

const CASES = (["keyed", "unkeyed"] as const).flatMap((keyed) =>
  faultsForPairs(keyed).map((first) => ({ keyed, first, name: nameFault(first) })),
);

const TWINS = { keyed: [false, true], unkeyed: [false] } as const;

const pairScenarios = (keyed: Keyed, first: Fault, toAttempts: ToAttempts) =>
  faultsForPairs(keyed).flatMap((second) =>
    TWINS[keyed].flatMap((twin) => {
      const attempts = toAttempts({ ...first, twin }, second);
      return attempts ? scenariosOf(keyed === "keyed", attempts) : [];
    }),
  );
