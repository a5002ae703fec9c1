import { afterAll, beforeAll, describe, jest, test } from "@jest/globals";
import { ALL_KINDS, CALLS, faultsOf, nameFault, openWorld, scenariosOf } from "../support/fault-scenarios.ts";

const cases = (calls: (typeof CALLS)["keyed" | "unkeyed"]) =>
  faultsOf([...calls.reads, ...calls.writes], ALL_KINDS).map((fault) => ({ fault, name: nameFault(fault) }));

describe.each([1, 3])("with ids in blocks of %d", (idBlockSize) => {
  let world: Awaited<ReturnType<typeof openWorld>>;

  beforeAll(async () => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
    world = await openWorld(idBlockSize);
  });

  afterAll(() => world.close());

  describe("with a key, one session and one answer come of", () => {
    test.each(cases(CALLS.keyed))("$name", async ({ fault }) => {
      for (const twin of [false, true]) {
        for (const scenario of scenariosOf(true, [[{ ...fault, twin }]])) await world.run(scenario);
      }
    });
  });

  describe("without a key, no 201 is wrong after", () => {
    test.each(cases(CALLS.unkeyed))("$name", async ({ fault }) => {
      for (const scenario of scenariosOf(false, [[fault]])) await world.run(scenario);
    });
  });
});
