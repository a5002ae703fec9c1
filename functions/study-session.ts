import * as v from "valibot";
import { HttpError } from "./http-error.ts";

/** Ids are exact in JSON numbers up to 2^53-1. */
export const Id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));

export const StudySessionRequest = v.object({
  group_id: Id,
  study_activity_id: Id,
});
export type StudySessionRequest = v.InferOutput<typeof StudySessionRequest>;

/** `created_at` is UTC in RFC 3339, with milliseconds and `Z`. The order of the members is the answer's. */
export const StudySession = v.object({
  id: Id,
  ...StudySessionRequest.entries,
  created_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type StudySession = v.InferOutput<typeof StudySession>;

const MISSING = `Missing required fields: ${Object.keys(StudySessionRequest.entries).join(", ")}`;

/**
 * Checks a parsed JSON body and keeps only the members that the service knows.
 * @throws HttpError 400 that names every member at fault
 */
export const parseStudySessionRequest = (body: unknown): StudySessionRequest => {
  const result = v.safeParse(StudySessionRequest, body, {
    abortPipeEarly: true,
  });
  if (result.success) return result.output;
  // JSON has no undefined: that input, or a fault of the whole body, is an absent member.
  const isMissing = result.issues.some((issue) => issue.input === undefined || issue.path === undefined);
  const faults = result.issues.map((issue) => `${v.getDotPath(issue)} must be a positive integer`);
  throw new HttpError(400, isMissing ? MISSING : faults.join("; "));
};
