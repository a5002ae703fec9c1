import { type Fault, READ_FAULTS, WRITE_FAULTS } from "./faults.ts";
import type { HeldCall, PlannedRequest, ProcessEvent } from "./store-process.ts";
import { isOver, isStarted, type RunningProcess, replaceProcess, unfinished, type World } from "./world.ts";

/** One thing that can happen next. */
export interface Choice {
  readonly label: string;
  readonly take: () => Promise<World>;
}

/** Everything that can happen next. */
export const choicesOf = (world: World): readonly Choice[] => [
  ...world.processes.flatMap((process) => (process.isDead ? [] : choicesOfProcess(world, process))),
  ...world.delayed.map((operation, index) => ({
    label: `late: ${operation.name} reaches the table`,
    take: async () => ({
      ...world,
      table: world.table.apply(operation).table,
      delayed: world.delayed.toSpliced(index, 1),
    }),
  })),
];

const choicesOfProcess = (world: World, process: RunningProcess): readonly Choice[] => {
  const held = process.moment.held.filter(({ operation }) => !world.timing.neverResponds(operation));
  // Nothing goes wrong in a quiet process, so the order in which its calls get their responses makes no difference.
  const calls = process.plan.isQuiet ? held.slice(0, 1) : held;
  return [
    ...starts(world, process),
    ...calls.flatMap((call) => choicesOfCall(world, process, call)),
    ...ends(world, process),
  ];
};

const starts = (world: World, process: RunningProcess): readonly Choice[] => {
  const waiting = unfinished(world);
  const canStart = (request: PlannedRequest) =>
    !isStarted(process, request) &&
    !request.after?.some((name) => waiting.includes(name)) &&
    (request.twin === undefined || process.moment.started.has(request.twin));
  return process.plan.requests.filter(canStart).map((request) => ({
    label: `${request.name} starts`,
    take: () => undergo(world, process, { kind: "start", request }),
  }));
};

const choicesOfCall = (world: World, process: RunningProcess, call: HeldCall): readonly Choice[] => {
  const { operation, request } = call;
  const name = `${request.name}: ${operation.name}`;
  const faults = operation.isWrite ? WRITE_FAULTS : READ_FAULTS;
  const faulty = faults.map((fault) => ({
    label: `${name} ${fault.label}`,
    take: () => injectFault(world, process, call, fault),
  }));
  return [
    { label: `${name} is applied, and its response arrives`, take: () => respond(world, process, call) },
    ...(canFail(world, process) ? faulty : []),
  ];
};

const ends = (world: World, process: RunningProcess): readonly Choice[] => {
  const running = process.plan.requests.filter(
    (request) => isStarted(process, request) && !isOver(process, request),
  );
  if (running.length === 0 || !canFail(world, process)) return [];
  const names = running.map(({ name }) => name).join(" and ");
  return [
    { label: `the process of ${names} dies`, take: () => die(world, process) },
    ...running.map((request) => ({
      label: `${request.name} runs out of time`,
      take: () => abort(world, process, request),
    })),
  ];
};

/** After a quiet process has begun, nothing fails any more. */
const canFail = ({ faultsLeft, processes }: World, { plan }: RunningProcess) =>
  faultsLeft > 0 &&
  !plan.isQuiet &&
  !processes.some((other) => other.plan.isQuiet && other.moment.started.size > 0);

const undergo = async (world: World, process: RunningProcess, event: ProcessEvent): Promise<World> => {
  const isNext = ({ operation }: HeldCall) => world.timing.respondsAtOnce(operation);
  let moment = await process.moment.next(event);
  for (let call = moment.held.find(isNext); call; call = moment.held.find(isNext)) {
    const { reply } = world.table.apply(call.operation);
    moment = await moment.next({ kind: "reply", call, reply });
  }
  return { ...world, processes: replaceProcess(world, process, { moment }) };
};

const respond = (world: World, process: RunningProcess, call: HeldCall) => {
  const { table, reply } = world.table.apply(call.operation);
  return undergo({ ...world, table }, process, { kind: "reply", call, reply });
};

const injectFault = async (world: World, process: RunningProcess, call: HeldCall, fault: Fault) => {
  const { operation } = call;
  const faulted = {
    ...world,
    table: fault.isApplied ? world.table.apply(operation).table : world.table,
    delayed: fault.isDelayed ? [...world.delayed, operation] : world.delayed,
    faultsLeft: world.faultsLeft - 1,
  };
  return fault.reply ? undergo(faulted, process, { kind: "reply", call, reply: fault.reply }) : faulted;
};

const die = async (world: World, process: RunningProcess): Promise<World> => ({
  ...world,
  processes: replaceProcess(world, process, { isDead: true }),
  delayed: [...world.delayed, ...writesOf(process.moment.held)],
  faultsLeft: world.faultsLeft - 1,
});

const abort = (world: World, process: RunningProcess, request: PlannedRequest) => {
  const aborted = process.moment.held.filter((call) => call.request === request);
  const delayed = [...world.delayed, ...writesOf(aborted)];
  const faulted = { ...world, delayed, faultsLeft: world.faultsLeft - 1 };
  return undergo(faulted, process, { kind: "abort", request });
};

const writesOf = (calls: readonly HeldCall[]) =>
  calls.map(({ operation }) => operation).filter(({ isWrite }) => isWrite);
