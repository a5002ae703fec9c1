import { expect, test } from "@jest/globals";
import { toUtcTimestamp } from "../../../../lib/import/portal/utc-timestamp.ts";
import { findTimeForm, isSameTime, writeDefaultTime } from "../../../../lib/sync/portal/time-form.ts";

/** The time 2026-11-26T23:04:05.678Z. */
const TIME = Date.UTC(2026, 10, 26, 23, 4, 5, 678);

const FORMS = [
  ["2025-02-20 12:00:00", "2026-11-26 23:04:05"],
  ["2025-02-20T12:00:00", "2026-11-26T23:04:05"],
  ["2025-02-20t12:00:00z", "2026-11-26t23:04:05z"],
  ["2025-02-20 12:00:00.5", "2026-11-26 23:04:05.6"],
  ["2025-02-20 12:00:00.000000", "2026-11-26 23:04:05.678000"],
  ["2025-02-20T12:00:00.123Z", "2026-11-26T23:04:05.678Z"],
  ["2025-02-20 12:00:00.123456789+00:00", "2026-11-26 23:04:05.678000000+00:00"],
  ["2025-02-20 12:00:00.310 +00:00", "2026-11-26 23:04:05.678 +00:00"],
  ["2025-02-20 12:00:00+09:00", "2026-11-27 08:04:05+09:00"],
  ["2025-02-20T12:00:00-0530", "2026-11-26T17:34:05-0530"],
  ["2025-02-20 12:00:00+00", "2026-11-26 23:04:05+00"],
  ["2025-02-20 12:00:00 UTC", "2026-11-26 23:04:05 UTC"],
  ["2025-02-20 12:00:00.123 +0000 UTC", "2026-11-26 23:04:05.678 +0000 UTC"],
  ["2025-02-20 12:00:00.123456789 +0300 MSK m=+245.85", "2026-11-27 02:04:05.678000000 +0300 MSK"],
  ["2025-02-20 12:00", "2026-11-26 23:04"],
  ["2025-02-20", "2026-11-26"],
  [" 2025-02-20 12:00:00\n", "2026-11-26 23:04:05"],
  [1740052800n, 1795734245n],
  [1740052800123n, 1795734245678n],
  [1740052800.5, 1795734245.678],
  [1740052800123.0, 1795734245678],
  ["1740052800", "1795734245"],
  ["1740052800.25", "1795734245.678"],
  ["1740052800123", "1795734245678"],
] as const;

test.each(FORMS)("writes a time in the form of %p", (value, written) => {
  expect(findTimeForm(value)?.(TIME)).toEqual(written);
});

test.each(FORMS)("recognises the time that it wrote in the form of %p", (value, written) => {
  expect(isSameTime(written, TIME)).toBe(true);
  expect(isSameTime(value, TIME)).toBe(false);
});

test("recognises a time with the reading of Go's own clock", () => {
  expect(isSameTime("2026-11-27 02:04:05.678000000 +0300 MSK m=+0.5", TIME)).toBe(true);
});

test.each(FORMS)("writes in the form of %p what the import reads as the same time", (_, written) => {
  const read = toUtcTimestamp(typeof written === "string" ? written : Number(written));
  expect(isSameTime(written, Date.parse(read ?? ""))).toBe(true);
});

test.each([
  "15-02-2025 10:30:00",
  "yesterday",
  "",
  "2025-02-20 12",
  20250220120000n,
  2460726.5,
  null,
  new Uint8Array(),
])("knows no form for %p", (value) => {
  expect(findTimeForm(value)).toBeUndefined();
  expect(isSameTime(value, TIME)).toBe(false);
});

test("writes UTC without a zone where there is nothing to follow", () => {
  expect(writeDefaultTime(TIME)).toBe("2026-11-26 23:04:05");
});
