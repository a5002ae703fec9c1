import * as v from "valibot";
import { StudySession } from "../../../functions/sessions/study-session.ts";
import { toUtcTimestamp } from "./utc-timestamp.ts";

/** Numbers are exact up to 2^53: half of the ids stay free for new sessions. */
export const MAX_SESSION_ID = 2 ** 52;

/** No name or URL needs more, and every item stays far below DynamoDB's 400 KB. */
export const MAX_TEXT_LENGTH = 2048;

const wholeNumber = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  v.message(v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to)), ({ input }) =>
    input === null ? "is missing" : `is not a whole number from ${from} to ${to}`,
  );

const Text = v.pipe(
  v.string("is not a text in UTF-8"),
  v.maxLength(MAX_TEXT_LENGTH, `is longer than ${MAX_TEXT_LENGTH} characters`),
);

const CreatedAt = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const isReadable = typeof value === "string" || typeof value === "number";
    const timestamp = isReadable ? toUtcTimestamp(value) : undefined;
    if (timestamp !== undefined) return timestamp;
    addIssue({ message: value === null ? "is missing" : "is not a date and time" });
    return NEVER;
  }),
  // Only a time that the service reads may be stored.
  v.message(StudySession.entries.created_at, "is outside the years 0000 to 9999 in UTC"),
);

export const Group = v.object({
  id: wholeNumber(1),
  name: v.nullable(Text),
  words_count: v.nullish(wholeNumber(0), 0),
});

export const StudyActivity = v.object({
  id: wholeNumber(1),
  name: v.nullable(Text),
  url: v.nullish(Text, ""),
  preview_url: v.nullish(Text, ""),
});

export const Session = v.object({
  id: wholeNumber(1, MAX_SESSION_ID),
  group_id: wholeNumber(1),
  study_activity_id: wholeNumber(1),
  created_at: CreatedAt,
});
