/** DynamoDB's limits for one partition. A call takes one unit for an item of less than 1 KB. */
const UNITS_PER_SECOND = { read: 3000, write: 1000 } as const;
/** A bucket holds the units of a second, but starts with these few: the initial units are not part of the rate. */
const FIRST_UNITS = 2;

/** Takes a unit of the item. Returns whether one was left in this millisecond, counted from 0. */
export type TakeUnit = (kind: keyof typeof UNITS_PER_SECOND, pk: string, now: number) => boolean;

/**
 * Creates a bucket of units for the reads of each item, and another for its writes: at best, DynamoDB gives a busy item
 * a partition of its own.
 * @param share - of DynamoDB's units, from 0 to 1
 */
export const createPartitionLimiter = (share: number): TakeUnit => {
  const fullAt = new Map<string, number>();
  return (kind, pk, now) => {
    const bucket = `${kind} ${pk}`;
    const unitMs = 1000 / (UNITS_PER_SECOND[kind] * share);
    const next = Math.max(fullAt.get(bucket) ?? 1000 - FIRST_UNITS * unitMs, now) + unitMs;
    const isEmpty = next > now + 1000;
    if (!isEmpty) fullAt.set(bucket, next);
    return !isEmpty;
  };
};
