import { describe, expect, test } from "@jest/globals";
import {
  closeGaps,
  type Gap,
  giveUpGaps,
  idsOf,
  isInGaps,
  joinGaps,
  MAX_GAPS,
  takeDueGaps,
  takeUnsureGaps,
  toGaps,
} from "../../../lib/sync/id-gaps.ts";

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const START = 1_000_000;

const gap = (first: number, last = first, times: Partial<Gap> = {}): Gap => ({
  first,
  last,
  since: START,
  lookedAt: START,
  ...times,
});

test("joins gaps that adjoin and were looked at together", () => {
  const later = { lookedAt: START + 1 };
  expect(joinGaps([gap(7), gap(1, 2), gap(3, 5), gap(6, 6, later), gap(8, 9, later), gap(10, 11)])).toEqual([
    gap(1, 5),
    gap(6, 6, later),
    gap(7),
    gap(8, 9, later),
    gap(10, 11),
  ]);
});

describe("a gap", () => {
  const looksWithin = (span: number, since = START) => {
    let lookedAt = START;
    const looks: number[] = [];
    for (let now = START; now <= START + span; now += SECOND) {
      const { due } = takeDueGaps([gap(1, 1, { since, lookedAt })], { now, maxIds: 1, isEager: false });
      if (due.length === 0) continue;
      looks.push((now - START) / SECOND);
      lookedAt = now;
    }
    return looks;
  };

  test("is looked at after pauses that double", () => {
    expect(looksWithin(650 * SECOND)).toEqual([10, 20, 40, 80, 160, 320, 640]);
    expect(looksWithin(DAY)).toHaveLength(14);
    // The time is rounded up to a minute.
    expect(looksWithin(DAY, START + 60 * SECOND)).toHaveLength(20);
  });

  test("is looked at when nobody knows when it was looked at last, and when the clock was put back", () => {
    const options = { now: START, maxIds: 9, isEager: false };
    expect(takeDueGaps([gap(1, 2, { lookedAt: 0 })], options).due).toHaveLength(1);
    expect(takeDueGaps([gap(1, 2, { lookedAt: START + 1 })], options).due).toHaveLength(1);
  });

  test("is looked at earlier by a pass that looks at all gaps, once", () => {
    const gaps = [gap(1), gap(2, 2, { lookedAt: START + 5 })];
    const { due } = takeDueGaps(gaps, { now: START + 5, maxIds: 9, isEager: true });
    expect(due).toEqual([gap(1)]);
  });
});

test("takes no more ids than it may, and leaves the others", () => {
  const due = { lookedAt: 0 };
  expect(
    takeDueGaps([gap(1, 3, due), gap(4), gap(5, 9, due), gap(12, 12, due)], {
      now: START,
      maxIds: 5,
      isEager: false,
    }),
  ).toEqual({
    due: [gap(1, 3, due), gap(5, 6, due)],
    others: [gap(4), gap(7, 9, due), gap(12, 12, due)],
  });
  expect(idsOf([gap(1, 3), gap(7)])).toEqual([1, 2, 3, 7]);
});

test("takes the gaps that one more look makes old enough to be given up", () => {
  const now = START + 60 * SECOND;
  const sure = gap(1, 1, { lookedAt: now - 1, since: START - SECOND });
  const young = gap(2, 2, { since: START + 1 });
  const unknown = gap(3, 3, { lookedAt: 0 });
  expect(takeUnsureGaps([sure, young, unknown, gap(4)], { now, maxIds: 9 })).toEqual({
    due: [unknown, gap(4)],
    others: [sure, young],
  });
});

describe("missing ids", () => {
  const MINUTE = 60 * SECOND;

  test("are as old as the oldest session with a higher id, in whole minutes", () => {
    const createdAt = new Map([
      [3, MINUTE + 1],
      [6, 9 * MINUTE],
      [9, 5 * MINUTE],
    ]);
    expect(toGaps({ missing: [1, 2, 5, 7, 8, 10, 11], createdAt, now: START })).toEqual([
      gap(1, 2, { since: 2 * MINUTE }),
      gap(5, 5, { since: 5 * MINUTE }),
      gap(7, 8, { since: 5 * MINUTE }),
      gap(10, 11, { since: Math.ceil(START / MINUTE) * MINUTE }),
    ]);
  });

  test("of a clock that is ahead are not older than now", () => {
    const createdAt = new Map([[3, START + MINUTE]]);
    const [found] = toGaps({ missing: [1], createdAt, now: START });
    expect(found?.since).toBe(Math.ceil(START / MINUTE) * MINUTE);
  });
});

test("closes gaps where they are settled", () => {
  expect(closeGaps([gap(1, 5), gap(8)], [3, 5, 8])).toEqual([gap(1, 2), gap(4)]);
  expect(isInGaps([gap(1, 5), gap(8)], 5)).toBe(true);
  expect(isInGaps([gap(1, 5), gap(8)], 6)).toBe(false);
});

describe("gaps", () => {
  test("are given up once they were looked at after a day", () => {
    const old = { since: START - DAY };
    expect(giveUpGaps([gap(1, 9, { ...old, lookedAt: 0 })])).toHaveLength(1);
    expect(giveUpGaps([gap(1, 9, { ...old, lookedAt: START - 1 })])).toHaveLength(1);
    expect(giveUpGaps([gap(1, 9, old), gap(10)])).toEqual([gap(10)]);
  });

  test("are given up earlier when there are too many, the smallest first, but never within a minute", () => {
    const sure = { lookedAt: START + 60 * SECOND };
    const young = gap(1, 1, { ...sure, since: START + 1 });
    const block = gap(2, 9, { ...sure, since: START - DAY / 2 });
    const small = Array.from({ length: MAX_GAPS }, (_, index) => gap(100 + 2 * index, undefined, sure));
    expect(giveUpGaps([young, block, ...small])).toEqual([young, block, ...small.slice(2)]);
    const justSeen = small.map((gap) => ({ ...gap, lookedAt: START + 59 * SECOND }));
    expect(giveUpGaps([young, ...justSeen])).toHaveLength(MAX_GAPS + 1);
  });
});
