const DATE = String.raw`(?<date>\d{4}-\d\d-\d\d)`;
const TIME = String.raw`(?<time>\d\d:\d\d)(?::(?<seconds>\d\d)(?:\.(?<fraction>\d{1,9}))?)?`;
/** Go adds the zone's name and its own clock: `+0300 MSK m=+245.85`. */
const GO = String.raw`(?: (?:[a-z]+|[+-]\d+))?(?: m=[+-]\d+\.\d+)?`;
const OFFSET = String.raw`(?<hours>[+-](?:[01]\d|2[0-3]))(?::?(?<minutes>[0-5]\d))?`;
const FORM = new RegExp(String.raw`^${DATE}(?:[T ]${TIME}(?:\s?(?:Z|UTC|${OFFSET}${GO}))?)?$`, "i");

const NUMBER = /^\d+(?:\.\d+)?$/;

/** Both ranges reach from 1973 to 2286. Other numbers are something else, such as 20250220120000 or a Julian day. */
const SECONDS = { from: 1e8, below: 1e10 };
const MILLISECONDS = { from: 1e11, below: 1e13 };

const isIn = ({ from, below }: typeof SECONDS, value: number) => value >= from && value < below;

const fromEpoch = (value: number) => {
  if (isIn(SECONDS, value)) return new Date(Math.round(value * 1000)).toISOString();
  if (isIn(MILLISECONDS, value)) return new Date(Math.round(value)).toISOString();
  return undefined;
};

const offsetMinutes = (hours: string, minutes: string) =>
  Number(hours) * 60 + Number(`${hours[0]}${minutes}`);

/**
 * Reads a time as SQLite, Python, Rails and Go write it: `2025-02-20 12:00:00`, with a fraction, `T` or a zone, or the
 * date alone. A time without a zone is UTC. Digits after the milliseconds are cut off. Numbers, also as text, are
 * seconds or milliseconds since 1970: their size tells which.
 * @returns the time in RFC 3339, or undefined when the value is no such time. The zone can lead to a year that does not
 *   have four digits, such as `+010000-01-01T04:59:59.000Z`
 */
export const toUtcTimestamp = (value: string | number): string | undefined => {
  if (typeof value === "number") return fromEpoch(value);
  const text = value.trim();
  if (NUMBER.test(text)) return fromEpoch(Number(text));
  const groups = FORM.exec(text)?.groups;
  if (!groups) return undefined;
  const { date, time = "00:00", seconds = "00", fraction = "", hours = "+00", minutes = "00" } = groups;
  const local = `${date}T${time}:${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}Z`;
  const milliseconds = Date.parse(local);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== local) return undefined;
  return new Date(milliseconds - offsetMinutes(hours, minutes) * 60_000).toISOString();
};
