/** Ids that were given out, and whose sessions are not in the portal yet. Times are in milliseconds since 1970. */
export interface Gap {
  readonly first: number;
  readonly last: number;
  /** The service gave the ids out at this time at the latest. */
  readonly since: number;
  /** The time of the last look at the ids; 0 when the time is unknown. */
  readonly lookedAt: number;
}

const FIRST_PAUSE_MS = 10_000;
/** A gap is looked at for this time, which is longer than the life of an instance with reserved ids. */
const OPEN_MS = 24 * 60 * 60 * 1000;
/** This is many times as long as a request takes: without reserved ids, no session comes later. */
const SURE_MS = 60_000;

/** Gaps of one minute count as equally old, as old as the youngest, so that they can be joined. */
const SAME_MS = 60_000;

/** The gaps are stored in one item, and each write of an item costs by its size. */
export const MAX_GAPS = 500;

/** Checks whether a copy has to give up some of these gaps before it may add others. */
export const areTooMany = (gaps: readonly Gap[]) => gaps.length > MAX_GAPS;

const sizeOf = ({ first, last }: Gap) => last - first + 1;

const isIn = ({ first, last }: Gap, id: number) => first <= id && id <= last;

const areOneGap = (gap: Gap, next: Gap) =>
  gap.last + 1 === next.first && gap.since === next.since && gap.lookedAt === next.lookedAt;

/** @returns the gaps in the order of their ids, as few as possible */
export const joinGaps = (gaps: readonly Gap[]): readonly Gap[] => {
  const joined: Gap[] = [];
  for (const gap of gaps.toSorted((one, other) => one.first - other.first)) {
    const previous = joined.at(-1);
    if (previous && areOneGap(previous, gap)) joined[joined.length - 1] = { ...previous, last: gap.last };
    else joined.push(gap);
  }
  return joined;
};

interface FirstLook {
  readonly missing: readonly number[];
  /** The creation times of the sessions that were found under other ids, by their ids. */
  readonly createdAt: ReadonlyMap<number, number>;
  readonly now: number;
}

/**
 * Makes gaps of ids whose sessions were missing at the first look. The service gave out a lower id earlier: so an id is
 * at least as old as a session with a higher one.
 */
export const toGaps = ({ missing, createdAt, now }: FirstLook) => {
  const gaps: Gap[] = [];
  let since = now;
  const times = [...createdAt].sort(([id], [other]) => id - other);
  for (const id of missing.toSorted((one, other) => other - one)) {
    while ((times.at(-1)?.[0] ?? 0) > id) since = Math.min(since, times.pop()?.[1] ?? since);
    gaps.push({ first: id, last: id, since: Math.ceil(since / SAME_MS) * SAME_MS, lookedAt: now });
  }
  return joinGaps(gaps);
};

/** @returns the gaps without these ids */
export const closeGaps = (gaps: readonly Gap[], ids: readonly number[]) => {
  const closed = new Set(ids);
  const split = (gap: Gap) =>
    ids.some((id) => isIn(gap, id))
      ? idsOf([gap]).flatMap((id) => (closed.has(id) ? [] : [{ ...gap, first: id, last: id }]))
      : [gap];
  return joinGaps(gaps.flatMap(split));
};

export const isInGaps = (gaps: readonly Gap[], id: number) => gaps.some((gap) => isIn(gap, id));

/** The pauses take 10 seconds in the first minute, and then double. */
const isDue = ({ since, lookedAt }: Gap, now: number) => {
  const pause = now - lookedAt;
  // The pause is below 0 after the clock was put back.
  return pause < 0 || pause >= Math.max(FIRST_PAUSE_MS, lookedAt - since);
};

const isSure = ({ since, lookedAt }: Gap) => lookedAt - since >= SURE_MS;

/** Takes the gaps that are due for a look, with at most `maxIds` ids. */
const takeGaps = (gaps: readonly Gap[], maxIds: number, isTaken: (gap: Gap) => boolean) => {
  const due: Gap[] = [];
  const others: Gap[] = [];
  let room = maxIds;
  for (const gap of gaps) {
    const taken = isTaken(gap) ? Math.min(room, sizeOf(gap)) : 0;
    room -= taken;
    const middle = gap.first + taken;
    if (taken > 0) due.push({ ...gap, last: middle - 1 });
    if (middle <= gap.last) others.push({ ...gap, first: middle });
  }
  return { due, others };
};

export type TakenGaps = ReturnType<typeof takeGaps>;

/**
 * Takes gaps that are due for a look, with at most `maxIds` ids.
 * @param isEager - whether to take gaps that were looked at a short while ago, but not at this very time
 */
export const takeDueGaps = (
  gaps: readonly Gap[],
  { now, maxIds, isEager }: { readonly now: number; readonly maxIds: number; readonly isEager: boolean },
) => takeGaps(gaps, maxIds, (gap) => isDue(gap, now) || (isEager && gap.lookedAt !== now));

/** Takes gaps that can be given up after a look at this time, with at most `maxIds` ids. */
export const takeUnsureGaps = (
  gaps: readonly Gap[],
  { now, maxIds }: { readonly now: number; readonly maxIds: number },
) => takeGaps(gaps, maxIds, (gap) => !isSure(gap) && isSure({ ...gap, lookedAt: now }));

export const idsOf = (gaps: readonly Gap[]) =>
  gaps.flatMap((gap) => Array.from({ length: sizeOf(gap) }, (_, index) => gap.first + index));

/**
 * Gives up gaps that were looked at a day after their ids were given out, and, when there are too many, others that are
 * old enough to be sure of: the smallest first, because the rest of a block of reserved ids is one large gap.
 */
export const giveUpGaps = (gaps: readonly Gap[]) => {
  const open = gaps.filter(({ since, lookedAt }) => lookedAt - since < OPEN_MS);
  const surplus = open
    .filter(isSure)
    .toSorted((one, other) => sizeOf(one) - sizeOf(other) || one.since - other.since)
    .slice(0, Math.max(0, open.length - MAX_GAPS));
  return open.filter((gap) => !surplus.includes(gap));
};
