import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { CONFIGURATIONS, type Configuration, REFERENCES } from "./interleavings/configurations.ts";
import { explore } from "./interleavings/explore.ts";
import { createMoments } from "./interleavings/process-moments.ts";
import { findBrokenPromise } from "./interleavings/promises.ts";
import { createTables } from "./interleavings/simulated-table.ts";
import type { World } from "./interleavings/world.ts";

const lines: string[] = [];

beforeAll(() => {
  // Only the clock is set: whatever waits for something else goes on as ever.
  jest.useFakeTimers({
    doNotFake: ["nextTick", "performance", "queueMicrotask", "setImmediate", "setTimeout", "clearTimeout"],
  });
});

afterAll(() => {
  jest.useRealTimers();
  process.stdout.write(lines.join(""));
});

test.each(CONFIGURATIONS)(
  "keeps its promises in every order: $name, faults: $faults",
  async (configuration) => {
    const past = new Map([...REFERENCES, ...(configuration.items ?? [])].map((item) => [item.pk, item]));
    const statuses = new Set<number>();
    const before = process.cpuUsage();
    const states = await explore({
      start: await createWorld(configuration, past),
      check: (before, after) => {
        for (const status of statusesOf(after)) statuses.add(status);
        return findBrokenPromise(past, before, after) ?? findRefusedId(configuration, after);
      },
    });
    const { user, system } = process.cpuUsage(before);
    const seconds = ((user + system) / 1e6).toFixed(1);
    lines.push(
      `${states} states, ${seconds} s of CPU: ${configuration.name}, faults: ${configuration.faults}\n`,
    );
    expect([...statuses].sort()).toEqual(configuration.statuses);
  },
  300_000,
);

const READ_OF_REFERENCE = /^GetItem (group|study_activity)#/;
/** The other read, of the group, stands for both. */
const READ_OF_ACTIVITY = /^GetItem study_activity#/;

const createWorld = async (
  { processes, faults, incidents = [], holdsReferences, hanging }: Configuration,
  past: World["table"]["items"],
): Promise<World> => {
  const startOf = createMoments();
  const atOnce = holdsReferences ? READ_OF_ACTIVITY : READ_OF_REFERENCE;
  return {
    table: createTables()(past),
    processes: await Promise.all(
      processes.map(async (plan) => ({ plan, moment: await startOf(plan), isDead: false })),
    ),
    delayed: incidents,
    faultsLeft: faults,
    timing: {
      respondsAtOnce: ({ name }) => atOnce.test(name),
      neverResponds: ({ name }) => hanging?.test(name) ?? false,
    },
  };
};

const statusesOf = ({ processes }: World) =>
  processes.flatMap(({ moment }) => [...moment.outcomes.values()].map(({ status }) => status));

/** An id is taken only where the table was tampered with. */
const findRefusedId = ({ items, incidents }: Configuration, { processes }: World) =>
  !items && !incidents && processes.some(({ moment }) => moment.refusals.size > 0)
    ? "An id was given out twice"
    : undefined;
