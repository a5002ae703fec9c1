const FORM =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;

const offsetMinutes = (zone: string) => {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
};

/**
 * Reads a time as SQLite and Python write it: `2025-02-20 12:00:00`, with a fraction, `T` or a zone, or the date alone.
 * A time without a zone is UTC. Digits after the milliseconds are cut off.
 * @returns the time in the contract's form, or undefined when the text is no such time
 */
export const toUtcTimestamp = (text: string): string | undefined => {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  const [, date, time = "00:00", seconds = "00", fraction = "", zone = "Z"] = match;
  const local = `${date}T${time}:${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}Z`;
  const milliseconds = Date.parse(local);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== local) return undefined;
  return new Date(milliseconds - offsetMinutes(zone) * 60_000).toISOString();
};
