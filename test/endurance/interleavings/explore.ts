import { choicesOf } from "./choices.ts";
import { textOfWorld, unfinished, type World } from "./world.ts";

interface Visit {
  readonly world: World;
  readonly label: string;
  readonly previous: Visit | undefined;
}

interface Options {
  readonly start: World;
  /** @returns the promise that the step breaks */
  readonly check: (before: World, after: World) => string | undefined;
}

/**
 * Visits every world that can come of the first one, the nearest first: the trace of a failure has no shorter one.
 * @returns the number of worlds
 * @throws Error with the broken promise and everything that led to it
 */
export const explore = async ({ start, check }: Options) => {
  const known = new Set([textOfWorld(start)]);
  let nearest: readonly Visit[] = [{ world: start, label: "", previous: undefined }];
  while (nearest.length > 0) {
    const further: Visit[] = [];
    for (const visit of nearest) {
      const choices = choicesOf(visit.world);
      const waiting = unfinished(visit.world);
      if (choices.length === 0 && waiting.length > 0)
        fail(`${waiting} never gets a response`, visit, known.size);
      for (const { label, take } of choices) {
        const world = await take();
        const next = { world, label, previous: visit };
        const problem = check(visit.world, world);
        if (problem) fail(problem, next, known.size);
        const text = textOfWorld(world);
        if (known.has(text)) continue;
        known.add(text);
        further.push(next);
      }
    }
    nearest = further;
  }
  return known.size;
};

const fail = (problem: string, last: Visit, states: number) => {
  const trace: string[] = [];
  for (let visit: Visit | undefined = last; visit; visit = visit.previous) trace.unshift(visit.label);
  throw new Error(`${problem} (found after ${states} states)\n${trace.join("\n")}`);
};
