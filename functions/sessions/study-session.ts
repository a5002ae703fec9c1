import * as v from "valibot";
import { HttpError } from "../http-error.ts";

/** Ids are exact in JSON numbers up to 2^53-1. */
export const Id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));

const ReferenceId = v.message(Id, "must be a positive integer");

/** What a client sends. The message of a member says what the member must be. */
export const StudySessionRequest = v.object({
  group_id: ReferenceId,
  study_activity_id: ReferenceId,
});
export type StudySessionRequest = v.InferOutput<typeof StudySessionRequest>;

/** `created_at` is UTC in RFC 3339, with milliseconds and `Z`. The order of the members is the answer's. */
export const StudySession = v.object({
  id: Id,
  ...StudySessionRequest.entries,
  created_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type StudySession = v.InferOutput<typeof StudySession>;

const isRequired = ([, schema]: [name: string, schema: v.GenericSchema]) => schema.type !== "optional";

const REQUIRED = Object.entries(StudySessionRequest.entries)
  .filter(isRequired)
  .map(([name]) => name);

/**
 * Checks a parsed JSON body and keeps only the members that the service knows.
 * @throws HttpError 400 that names every member at fault
 */
export const parseStudySessionRequest = (body: unknown): StudySessionRequest => {
  const result = v.safeParse(StudySessionRequest, body, { abortPipeEarly: true });
  if (result.success) return result.output;
  // JSON has no undefined: that input, or a fault of the whole body, is an absent member.
  const isMissing = result.issues.some((issue) => issue.input === undefined || issue.path === undefined);
  if (isMissing) throw new HttpError(400, `Missing required fields: ${REQUIRED.join(", ")}`);
  const faults = result.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  throw new HttpError(400, faults.join("; "));
};

const MEMBERS = Object.keys(StudySessionRequest.entries) as (keyof StudySessionRequest)[];

/** Whether the session is what the request asks for. */
export const isSessionOf = (session: StudySession, request: StudySessionRequest) =>
  MEMBERS.every((member) => session[member] === request[member]);
