import { openTestTable } from "../support/test-table.ts";
import type { Row, Table } from "./measure.ts";
import { createPartitionLimiter } from "./partition-limiter.ts";
import { addReferences, type Call, type Create, REFERENCES, simulate } from "./simulated-functions.ts";

const SECONDS = 5;
/** Rates and DynamoDB's units are a hundredth of the real ones, and so is what comes out. */
const SCALE = 100;

/** The settings of `cdk.json`. */
const DEFAULTS = { idBlockSize: 1, referenceCacheSeconds: 60, groups: REFERENCES };
const BLOCKS = { ...DEFAULTS, idBlockSize: 20 };

const LOADS = [
  ...[500, 1000, 1100, 2000].map((perSecond) => ({ ...DEFAULTS, perSecond })),
  ...[10_000, 20_000, 22_000, 40_000].map((perSecond) => ({ ...BLOCKS, perSecond })),
  ...[3000, 6000].map((perSecond) => ({ ...BLOCKS, groups: 1, referenceCacheSeconds: 0, perSecond })),
  ...[6000, 20_000].map((perSecond) => ({ ...BLOCKS, groups: 1, perSecond })),
];

const findMostFrequent = (names: readonly string[]) => {
  const byName = Object.groupBy(names, (name) => name);
  const [most] = Object.entries(byName).toSorted(([, a = []], [, b = []]) => b.length - a.length);
  return most?.[0] ?? "";
};

const summarize = (creates: readonly Create[], calls: readonly Call[], seconds: number) => {
  const created = creates.filter(({ id }) => id !== undefined);
  const throttled = calls.filter(({ isThrottled }) => isThrottled);
  return {
    "created a second": (created.length / seconds) * SCALE,
    "503 %": (100 * (creates.length - created.length)) / creates.length,
    "throttled calls %": (100 * throttled.length) / calls.length,
    "most throttled": findMostFrequent(throttled.map(({ pk }) => pk)),
  };
};

const checkUnique = (ids: readonly number[]) => {
  if (new Set(ids).size < ids.length) throw new Error("Two sessions have the same id");
};

/** Finds how many creates a second the shared items allow, in simulated time. */
export const measureScale = async (rounds = SECONDS): Promise<Table[]> => {
  const table = await openTestTable();
  const ids: number[] = [];
  const rows: Row[] = [];
  try {
    await addReferences(table);
    for (const { perSecond, ...settings } of LOADS) {
      const load = { ...settings, perSecond: perSecond / SCALE, seconds: 2 * rounds };
      const { calls, creates, functions } = await simulate(table, load, createPartitionLimiter(1 / SCALE));
      const isMeasured = ({ at }: Create | Call) => at >= rounds * 1000 && at < 2 * rounds * 1000;
      ids.push(...creates.flatMap(({ id }) => id ?? []));
      rows.push({
        "id block": settings.idBlockSize,
        "cache s": settings.referenceCacheSeconds,
        groups: settings.groups,
        "offered a second": perSecond,
        functions: functions * SCALE,
        ...summarize(creates.filter(isMeasured), calls.filter(isMeasured), rounds),
      });
    }
  } finally {
    await table.close();
  }
  checkUnique(ids);
  const notes = [
    "An item takes 1,000 writes and 3,000 consistent reads a second, as a partition of DynamoDB does without its burst.",
    "Requests arrive evenly, a call takes 10 ms, and a function is started when all are busy, as if Lambda had no quota.",
    `${rounds} simulated s each, after as many that are thrown away. Everything runs at 1/100 scale. The figures are scaled up again.`,
  ];
  return [{ title: "Scale: where creates stop", rows, notes }];
};
