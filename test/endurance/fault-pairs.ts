import { afterAll, beforeAll, jest, test } from "@jest/globals";
import {
  ALL_KINDS,
  CALLS,
  type Fault,
  faultsOf,
  nameFault,
  openWorld,
  type Scenario,
  scenariosOf,
} from "../support/fault-scenarios.ts";

/**
 * What stands for all here, to keep the number of pairs down: a read that fails changes nothing, however it fails
 * and whichever reference it was for; and a throttled call is one that was refused, but for its answer.
 */
const READ_KINDS = ["refused", "hanging", "process dies after"] as const;
const WRITE_KINDS = ALL_KINDS.filter((kind) => kind !== "throttled");
const READS = ["GetItem group", "GetItem idempotency_key", "GetItem study_session"];

const faultsForPairs = (writes: readonly string[]) => [
  ...faultsOf(READS, READ_KINDS),
  ...faultsOf(writes, WRITE_KINDS),
];

/**
 * Declares a test for each fault, of all scenarios in which it comes with a second one.
 * @param toAttempts - how the two are spread over the attempts of the client, or nothing if they can't be
 * @param idBlockSize - of the functions that serve it
 */
export const testPairs = (
  toAttempts: (first: Fault, second: Fault) => Scenario["attempts"] | undefined,
  idBlockSize = 1,
) => {
  let world: Awaited<ReturnType<typeof openWorld>>;

  beforeAll(async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    world = await openWorld(idBlockSize);
  });

  afterAll(() => world.close());

  for (const [keyed, twins] of [
    ["keyed", [false, true]],
    ["unkeyed", [false]],
  ] as const) {
    const faults = faultsForPairs(CALLS[keyed].writes);
    test.each(faults.map((first) => ({ first, name: nameFault(first) })))(
      `${keyed}: $name`,
      async ({ first }) => {
        for (const second of faults) {
          for (const twin of twins) {
            const attempts = toAttempts({ ...first, twin }, second);
            if (!attempts) continue;
            for (const scenario of scenariosOf(keyed === "keyed", attempts)) await world.run(scenario);
          }
        }
      },
      120_000,
    );
  }
};
