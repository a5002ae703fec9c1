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
import type { TestTable } from "../support/test-table.ts";
import { useTable } from "../support/use-table.ts";

/** Spreads two faults over the attempts of the client. @returns undefined if they can't be a pair */
type ToAttempts = (first: Fault, second: Fault) => Scenario["attempts"] | undefined;

/** While one scenario waits for a call that hangs, those on the other tables go on. */
const TABLES = 3;

/** Declares a test for each fault, of all scenarios in which it comes with a second one. */
export const testPairs = (toAttempts: ToAttempts, beginning: Beginning = {}) => {
  const tables = Array.from({ length: TABLES }, () => useTable({ hasOwnEngine: true }).table);
  const canHappen = createForecast(beginning);

  beforeEach(() => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
  });

  test.each(casesOf(toAttempts))(
    "$name",
    async ({ scenarios }) => {
      const left = [...scenarios];
      const runs = tables.map(async (table) => {
        for (let scenario = left.shift(); scenario; scenario = left.shift()) {
          if (await canHappen(scenario, table)) await runScenario(scenario, table, beginning);
        }
      });
      await Promise.allSettled(runs);
      await Promise.all(runs);
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
const READS = {
  unkeyed: ["GetItem group", "GetItem study_session"],
  keyed: ["GetItem group", "GetItem idempotency_key", "GetItem study_session"],
} as const;

const faultsForPairs = (keyed: Keyed) => [
  ...faultsOf(READS[keyed], READ_KINDS),
  ...faultsOf(CALLS[keyed].writes, WRITE_KINDS),
];

const TWINS = { keyed: [false, true], unkeyed: [false] } as const;

const casesOf = (toAttempts: ToAttempts) => {
  const known = new Set<string>();
  const isNew = (scenario: Scenario) => {
    const { size } = known;
    return known.add(textOf(scenario)).size > size;
  };
  return (["keyed", "unkeyed"] as const)
    .flatMap((keyed) =>
      faultsForPairs(keyed).map((first) => ({
        name: `${keyed}: ${nameFault(first)}`,
        scenarios: pairScenarios(keyed, first, toAttempts).filter(isNew),
      })),
    )
    .filter(({ scenarios }) => scenarios.length > 0);
};

const pairScenarios = (keyed: Keyed, first: Fault, toAttempts: ToAttempts) =>
  faultsForPairs(keyed).flatMap((second) =>
    TWINS[keyed].flatMap((twin) => {
      const attempts = toAttempts({ ...first, twin }, second);
      return attempts ? scenariosOf(keyed === "keyed", attempts) : [];
    }),
  );

/** The order of the faults of one attempt makes no difference: each has its own call. */
const textOf = ({ attempts, ...scenario }: Scenario) => {
  const textOfFault = ({ call, kind, once = false, twin = false }: Fault) => [call, kind, once, twin].join();
  return JSON.stringify({ ...scenario, attempts: attempts.map((faults) => faults.map(textOfFault).sort()) });
};

/**
 * A fault can't happen if its attempt, without the fault, does not make its call. What happens then is a scenario of
 * one fault, which this has run to find out.
 */
const createForecast = (beginning: Beginning) => {
  const known = new Map<string, ReturnType<typeof runScenario>>();
  const findCalls = (scenario: Scenario, table: TestTable) => {
    const text = textOf(scenario);
    const calls = known.get(text) ?? runScenario(scenario, table, beginning);
    known.set(text, calls);
    return calls;
  };
  return async (scenario: Scenario, table: TestTable) => {
    for (const [index, faults] of scenario.attempts.entries()) {
      for (const fault of faults) {
        const others = faults.filter((other) => other !== fault);
        const attempts = scenario.attempts.with(index, others);
        const calls = await findCalls({ ...scenario, attempts }, table);
        if (!calls[index]?.has(fault.call)) return false;
      }
    }
    return true;
  };
};
