/** A time as the portal writes it to a column. */
type TimeValue = string | number | bigint;

/** Writes a time, given in milliseconds since 1970, as the portal does. Digits that the form lacks are cut off. */
export type WriteTime = (milliseconds: number) => TimeValue;

const DATE = String.raw`\d{4}-\d\d-\d\d`;
const TIME = String.raw`(?<separator>[T ])\d\d:\d\d(?<seconds>:\d\d(?:\.(?<fraction>\d{1,9}))?)?`;
const OFFSET = String.raw`(?<sign>[+-])(?<hours>\d\d)(?::?(?<minutes>\d\d))?`;
/** Go adds the zone's name, and after it the reading of its own clock: `+0300 MSK m=+245.85`. */
const ZONE = String.raw`\s?(?:Z|UTC|${OFFSET}(?: (?:[a-z]+|[+-]\d+))?)`;
const FORM = new RegExp(`^${DATE}(?:${TIME}(?<zone>${ZONE})?(?: m=[+-][\\d.]+)?)?$`, "i");

const offsetOf = ({ sign, hours, minutes = "0" }: Readonly<Record<string, string | undefined>>) =>
  hours === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);

/** Writes UTC without a zone, as most portals and SQLite's CURRENT_TIMESTAMP do. */
export const writeDefaultTime: WriteTime = (milliseconds) =>
  new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");

const textForm = (text: string): WriteTime | undefined => {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  const { separator, seconds, fraction = "", zone = "", ...offset } = match.groups ?? {};
  return (milliseconds) => {
    // A portal that writes a zone sorts its texts by the local time of that zone.
    const local = new Date(milliseconds + offsetOf(offset)).toISOString();
    if (separator === undefined) return local.slice(0, 10);
    const digits = local.slice(20, 23).padEnd(9, "0").slice(0, fraction.length);
    const time = seconds === undefined ? local.slice(11, 16) : local.slice(11, 19);
    return `${local.slice(0, 10)}${separator}${time}${digits && `.${digits}`}${zone}`;
  };
};

/** The import tells seconds from milliseconds by the same ranges, which reach from 1973 to 2286. */
const isSeconds = (value: number) => value >= 1e8 && value < 1e10;
const isMilliseconds = (value: number) => value >= 1e11 && value < 1e13;

const integerForm = (value: number): WriteTime | undefined => {
  if (isSeconds(value)) return (milliseconds) => BigInt(Math.floor(milliseconds / 1000));
  return isMilliseconds(value) ? (milliseconds) => BigInt(milliseconds) : undefined;
};

const realForm = (value: number): WriteTime | undefined => {
  if (isSeconds(value)) return (milliseconds) => milliseconds / 1000;
  return isMilliseconds(value) ? (milliseconds) => milliseconds : undefined;
};

/** The form of a number in a column of texts. */
const NUMBER = /^\d+(?<fraction>\.\d+)?$/;

const numberTextForm = (text: string): WriteTime | undefined => {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const write = match.groups?.fraction ? realForm(Number(text)) : integerForm(Number(text));
  return write && ((milliseconds) => String(write(milliseconds)));
};

/**
 * Finds the form of a value that the portal wrote.
 * @param value - as SQLite reads it with big integers: a bigint is an INTEGER, a number a REAL
 * @returns undefined when the value has none of the forms that the import can read
 */
export const findTimeForm = (value: unknown): WriteTime | undefined => {
  if (typeof value === "bigint") return integerForm(Number(value));
  if (typeof value === "number") return realForm(value);
  if (typeof value === "string") return numberTextForm(value.trim()) ?? textForm(value);
  return undefined;
};

/** Checks whether the portal's value is this time, as far as the value's form can hold it. */
export const isSameTime = (value: unknown, milliseconds: number) => {
  const written = findTimeForm(value)?.(milliseconds);
  const clean = typeof value === "string" ? value.trim().replace(/ m=[+-][\d.]+$/, "") : value;
  return written !== undefined && written === clean;
};
