import { CORS } from "../../functions/http/cors.ts";
import { ref, type schemas } from "./openapi-schemas.ts";

/** The texts of answers, each by a name for the example. */
type Texts = Readonly<Record<string, string>>;

interface Answer {
  readonly description: string;
  /** What the function says in `error`. */
  readonly errors?: Texts;
  /** What the gateway says in `message` when it does not ask the function. */
  readonly messages?: Texts;
}

interface OperationErrors {
  /** The answers that only this operation has, by their status. */
  readonly refusals: Readonly<Record<number, Answer>>;
  readonly databaseError: string;
  /** What a client may do after it was told to wait, or that something failed. */
  readonly advice: string;
}

export const textHeader = (description: string, schema: object = {}) => ({
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

interface Success {
  readonly description: string;
  readonly schema: keyof typeof schemas;
  readonly headers?: object;
}

export const successAnswer = ({ description, schema, headers }: Success) => ({
  description,
  headers: { ...headers, ...corsHeaders },
  content: { "application/json": { schema: ref(schema) } },
});

const examples = (member: string, texts: Texts = {}) =>
  Object.entries(texts).map(([name, text]) => [name, { summary: text, value: { [member]: text } }]);

const errorAnswer = ({ description, errors, messages }: Answer, headers: object = {}) => ({
  description,
  headers: { ...headers, ...corsHeaders },
  content: {
    "application/json": {
      schema:
        errors && messages ? { anyOf: [ref("Error"), ref("Message")] } : ref(errors ? "Error" : "Message"),
      examples: Object.fromEntries([...examples("error", errors), ...examples("message", messages)]),
    },
  },
});

const refusalAnswers = (refusals: OperationErrors["refusals"]) =>
  Object.fromEntries(Object.entries(refusals).map(([status, answer]) => [status, errorAnswer(answer)]));

const retryAfter = {
  description: "Seconds to wait. The gateway's own 503 does without it",
  schema: { type: "integer", minimum: 0 },
};

/** Every answer of an operation but its success: its own, and those that all operations have. */
export const errorResponses = ({ refusals, databaseError, advice }: OperationErrors) => ({
  ...refusalAnswers(refusals),
  401: errorAnswer({
    description: "The API is closed by an issuer of tokens, and the request has no valid one",
    messages: { "no-token": "Unauthorized" },
  }),
  429: errorAnswer({
    description: `The gateway throttles. ${advice}`,
    messages: { throttled: "Too Many Requests" },
  }),
  500: errorAnswer({
    description: `The service failed. ${advice}`,
    errors: { "database-error": databaseError, "other-error": "Internal server error" },
    messages: { "gateway-error": "Internal Server Error" },
  }),
  503: errorAnswer(
    {
      description: `The service is throttled or out of time. ${advice}`,
      errors: { busy: "Service is busy, try again" },
      messages: { unavailable: "Service Unavailable" },
    },
    { "Retry-After": retryAfter },
  ),
});
