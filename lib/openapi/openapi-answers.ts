import { CORS } from "../../functions/cors.ts";

interface Answer {
  readonly description: string;
  /** What the function says in `error`, by a name for the example. */
  readonly errors?: Readonly<Record<string, string>>;
  /** What the gateway says in `message` when it does not ask the function. */
  readonly messages?: Readonly<Record<string, string>>;
}

const ANSWERS: Readonly<Record<number, Answer>> = {
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
  401: {
    description: "The API is closed by an issuer of tokens, and the request has no valid one",
    messages: { "no-token": "Unauthorized" },
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
  429: {
    description: "The gateway throttles. Try again, with the same Idempotency-Key",
    messages: { throttled: "Too Many Requests" },
  },
  500: {
    description:
      "The session was not created, or its answer was lost. With an Idempotency-Key it is safe to try again",
    errors: {
      "database-error": "Database error: the study session could not be saved",
      "other-error": "Internal server error",
    },
    messages: { "gateway-error": "Internal Server Error" },
  },
  503: {
    description: "The service is throttled or out of time. With an Idempotency-Key it is safe to try again",
    errors: { busy: "Service is busy, try again" },
    messages: { unavailable: "Service Unavailable" },
  },
};

const textHeader = (description: string, schema: object = {}) => ({
  description,
  schema: { type: "string", ...schema },
});

const corsHeaders = {
  "Access-Control-Allow-Origin": textHeader(
    "The page's origin when it is allowed, or * when every origin is",
  ),
  "Access-Control-Expose-Headers": textHeader("The headers of answers that pages can read", {
    const: CORS.exposedHeaders.join(),
  }),
  Vary: textHeader("Sent when not every origin is allowed", { const: "Origin" }),
};

const ref = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

const examples = (member: string, texts: Readonly<Record<string, string>> = {}) =>
  Object.entries(texts).map(([name, text]) => [name, { summary: text, value: { [member]: text } }]);

const errorAnswer = ({ description, errors, messages }: Answer) => ({
  description,
  headers: corsHeaders,
  content: {
    "application/json": {
      schema:
        errors && messages ? { anyOf: [ref("Error"), ref("Message")] } : ref(errors ? "Error" : "Message"),
      examples: Object.fromEntries([...examples("error", errors), ...examples("message", messages)]),
    },
  },
});

const retryAfter = {
  description: "Seconds to wait. The gateway's own 503 does without it",
  schema: { type: "integer", minimum: 0 },
};

const errors = Object.fromEntries(
  Object.entries(ANSWERS).map(([status, answer]) => [status, errorAnswer(answer)]),
);

/** Every answer to a create, as OpenAPI's Responses Object. */
export const createAnswers = {
  201: {
    description: "The session was created, or an earlier request with the same Idempotency-Key created it",
    headers: {
      "Idempotent-Replayed": textHeader("Sent when an earlier request created the session", {
        const: "true",
      }),
      ...corsHeaders,
    },
    content: { "application/json": { schema: ref("StudySession") } },
  },
  ...errors,
  503: { ...errors[503], headers: { "Retry-After": retryAfter, ...errors[503]?.headers } },
};

/** The answer to a browser that asks whether a page may send its request. */
export const preflightAnswers = {
  204: {
    description: "What pages may send and read. A browser remembers it for the time in the header",
    headers: {
      ...corsHeaders,
      "Access-Control-Allow-Methods": textHeader("The methods", { const: CORS.methods.join() }),
      "Access-Control-Allow-Headers": textHeader("The request headers", {
        examples: [CORS.requestHeaders.join()],
      }),
      "Access-Control-Max-Age": {
        description: "Seconds",
        schema: { type: "integer", const: CORS.maxAgeSeconds },
      },
    },
  },
};
