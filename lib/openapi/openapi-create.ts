import { errorResponses, successAnswer, textHeader } from "./openapi-responses.ts";
import { ref } from "./openapi-schemas.ts";

/**
 * A key without quotes, or one that begins with a quote: nothing else, another single character, more of them, or a key
 * in quotes. A lookahead would say this shorter, but the regular expressions of Go do without.
 */
const KEY_PATTERN = '^([!#-~][!-~]{0,254}|"([!#-~]|[!-~]{2,254}|[!-~]{1,255}")?)$';

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes it safe to repeat the request for 24 hours: the same key with the same ids stands for one session. " +
    "Use a random key for each session, bare or in double quotes. " +
    "Where the API asks for tokens, each user has keys of their own: the same key of two users is two keys.",
  schema: { type: "string", pattern: KEY_PATTERN },
};

const created = successAnswer({
  description: "The session was created, or an earlier request with the same Idempotency-Key created it",
  schema: "StudySession",
  headers: {
    Location: {
      required: true,
      ...textHeader("The path of the session", {
        format: "uri-reference",
        examples: ["/api/study-sessions/123"],
      }),
    },
    "Idempotent-Replayed": textHeader("Sent when an earlier request created the session", { const: "true" }),
  },
});

const refusals = {
  400: {
    description: "The body or the Idempotency-Key is not as described",
    errors: {
      "missing-fields": "Missing required fields: group_id, study_activity_id",
      "not-a-group-id": "group_id must be a positive integer",
      "not-an-activity-id": "study_activity_id must be a positive integer",
      "neither-is-an-id": "group_id must be a positive integer; study_activity_id must be a positive integer",
      "not-json": "Request body is not valid JSON",
      "not-a-key": "Idempotency-Key must be 1 to 255 visible ASCII characters",
    },
  },
  404: {
    description: "There is no such group, no such study activity, or neither",
    errors: {
      "unknown-group": "Group not found",
      "unknown-activity": "Study activity not found",
      "both-unknown": "Group not found; Study activity not found",
    },
  },
  413: {
    description: "The body is too large",
    errors: { "over-16-KB": "Request body is larger than 16 KB" },
    messages: { "over-10-MB": "Request Entity Too Large" },
  },
  415: {
    description: "The body is not said to be JSON",
    errors: { "not-json-type": "Content-Type must be application/json" },
  },
  422: {
    description: "The Idempotency-Key stands for a session with other ids",
    errors: { "key-in-use": "Idempotency-Key was already used with a different request" },
  },
};

export const createStudySession = {
  summary: "Create a study session",
  description: "Without an `Idempotency-Key` two equal requests are two sessions.",
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    description: "At most 16 KB.",
    content: { "application/json": { schema: ref("StudySessionRequest") } },
  },
  responses: {
    201: created,
    ...errorResponses({
      refusals,
      databaseError: "Database error: the study session could not be saved",
      advice: "With the same Idempotency-Key it is safe to try again: all tries make at most one session",
    }),
  },
};
