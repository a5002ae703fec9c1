import { errorResponses, successResponse, textHeader } from "./openapi-responses.ts";
import { ref } from "./openapi-schemas.ts";

/**
 * Matches a key that begins with no quote, or a quote that is a key itself, begins one, or opens the quotes around one.
 * Only `""` is no key. A lookahead would be shorter, but Go's regular expressions have none.
 */
const KEY_PATTERN = '^([!#-~][!-~]{0,254}|"([!#-~]|[!-~]{2,254}|[!-~]{1,255}")?)$';

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes it safe to retry for 24 hours: requests with the same key and the same ids create one session. " +
    "Use a random key for each session, bare or in double quotes. " +
    "Where the API requires tokens, each user has their own keys: the same key of two users creates two sessions.",
  schema: { type: "string", pattern: KEY_PATTERN },
};

const created = successResponse({
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

const errors = {
  400: {
    description: "The body or the Idempotency-Key is invalid",
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
    description: "The group, the study activity or both do not exist",
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
    description: "The Content-Type is not JSON",
    errors: { "not-json-type": "Content-Type must be application/json" },
  },
  422: {
    description: "The Idempotency-Key was already used for a session with other ids",
    errors: { "key-in-use": "Idempotency-Key was already used with a different request" },
  },
};

export const createStudySession = {
  summary: "Create a study session",
  description: "Two equal requests without an `Idempotency-Key` create two sessions.",
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    description: "At most 16 KB.",
    content: { "application/json": { schema: ref("StudySessionRequest") } },
  },
  responses: {
    201: created,
    ...errorResponses({
      own: errors,
      databaseError: "Database error: the study session could not be saved",
      advice: "It is safe to retry with the same Idempotency-Key: all attempts create at most one session",
    }),
  },
};
