import type { Moment } from "./process-moments.ts";
import type { Operation, SimulatedTable } from "./simulated-table.ts";
import type { PlannedProcess, PlannedRequest } from "./store-process.ts";

export interface RunningProcess {
  readonly plan: PlannedProcess;
  readonly moment: Moment;
  readonly isDead: boolean;
}

export interface Timing {
  /** Calls whose responses come as soon as they are sent. */
  readonly respondsAtOnce: (operation: Operation) => boolean;
  /** Calls to which nothing ever happens. */
  readonly neverResponds: (operation: Operation) => boolean;
}

/** The table, the processes that use the table, and what is still on its way to the table. */
export interface World {
  readonly table: SimulatedTable;
  readonly processes: readonly RunningProcess[];
  /** Steps that the table may take at any time, or never. */
  readonly delayed: readonly Operation[];
  readonly faultsLeft: number;
  readonly timing: Timing;
}

/** Two worlds with the same text have the same future. */
export const textOfWorld = ({ table, processes, delayed, faultsLeft }: World) => {
  const process = processes.map(({ moment, isDead }) => (isDead ? `-${moment.number}` : moment.number));
  const late = delayed.map(({ number }) => number).sort();
  return `${table.number} ${faultsLeft} ${process.join()} ${late.join()}`;
};

export const isStarted = ({ moment }: RunningProcess, { name }: PlannedRequest) => moment.started.has(name);

/** Checks whether the request has its response, or will never get one. */
export const isOver = ({ moment, isDead }: RunningProcess, { name }: PlannedRequest) =>
  isDead || moment.outcomes.has(name);

/** Lists the names of the requests that are not over. */
export const unfinished = ({ processes }: World) =>
  processes.flatMap((process) =>
    process.plan.requests.filter((request) => !isOver(process, request)).map(({ name }) => name),
  );

export const replaceProcess = (world: World, old: RunningProcess, changes: Partial<RunningProcess>) =>
  world.processes.map((process) => (process === old ? { ...old, ...changes } : process));
