import * as v from "valibot";
import { HttpError } from "../http-error.ts";

/** Ids are exact in JSON numbers up to 2^53-1. */
export const Id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));

const ReferenceId = v.message(Id, "must be a positive integer");

/** The body of a create. The message of a member says what the member must be. */
export const StudySessionRequest = v.object({
  group_id: ReferenceId,
  study_activity_id: ReferenceId,
});
export type StudySessionRequest = v.InferOutput<typeof StudySessionRequest>;

/** `created_at` is UTC in RFC 3339, with milliseconds and `Z`. Responses have the members in this order. */
export const StudySession = v.object({
  id: Id,
  ...StudySessionRequest.entries,
  created_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type StudySession = v.InferOutput<typeof StudySession>;

/**
 * Checks a parsed JSON body and keeps only the members that the service knows.
 * @throws HttpError 400 that names every wrong member
 */
export const parseStudySessionRequest = (body: unknown): StudySessionRequest => {
  const result = v.safeParse(StudySessionRequest, body, { abortPipeEarly: true });
  if (result.success) return result.output;
  // JSON has no undefined: an undefined input, or an issue with the whole body, means that a member is missing.
  const isMissing = result.issues.some((issue) => issue.input === undefined || issue.path === undefined);
  if (isMissing) throw new HttpError(400, "Missing required fields: group_id, study_activity_id");
  const faults = result.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  throw new HttpError(400, faults.join("; "));
};

/** Tells whether a session has the ids of a request. */
export const isSessionOf = (session: StudySession, request: StudySessionRequest) =>
  session.group_id === request.group_id && session.study_activity_id === request.study_activity_id;
