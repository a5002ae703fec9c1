import { setImmediate } from "node:timers/promises";
import { jest } from "@jest/globals";
import {
  type HeldCall,
  type Outcome,
  openProcess,
  type PlannedProcess,
  type ProcessEvent,
} from "./store-process.ts";

/** The visible state of a process after certain events. The same events always lead to the same object. */
export interface Moment {
  readonly number: number;
  readonly events: readonly ProcessEvent[];
  /** The names of the requests that the process has begun to serve. */
  readonly started: ReadonlySet<string>;
  readonly held: readonly HeldCall[];
  /** The outcomes of the requests that have one, by the names of the requests. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** The number of ids that each request found taken. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly next: (event: ProcessEvent) => Promise<Moment>;
}

/**
 * Computes what the store does after each sequence of events. A promise can't go back, so the store runs from its start
 * again for each new sequence. A known sequence costs nothing.
 */
export const createMoments = () => {
  let count = 0;
  const momentAfter = async (plan: PlannedProcess, events: readonly ProcessEvent[]): Promise<Moment> => {
    const following = new Map<string, Promise<Moment>>();
    return {
      number: count++,
      events,
      started: new Set(events.flatMap((event) => (event.kind === "start" ? [event.request.name] : []))),
      ...(await run(plan, events)),
      next: (event) => {
        const text = textOf(event);
        const moment = following.get(text) ?? momentAfter(plan, [...events, event]);
        following.set(text, moment);
        return moment;
      },
    };
  };
  return (plan: PlannedProcess) => momentAfter(plan, []);
};

const textOf = (event: ProcessEvent) =>
  event.kind === "reply" ? `${event.call.number} ${event.reply.text}` : `${event.kind} ${event.request.name}`;

const run = async (plan: PlannedProcess, events: readonly ProcessEvent[]) => {
  const [first] = plan.requests;
  jest.setSystemTime(first?.now ?? 0);
  const process = await openProcess(plan);
  for (const event of events) {
    jest.setSystemTime((event.kind === "reply" ? event.call.request : event.request).now);
    process.undergo(event);
    // Whatever the event leads to is done in microtasks, which all come first.
    await setImmediate();
  }
  return process.look();
};
