import { CORS } from "../../functions/http/cors.ts";
import { ref, type schemas } from "./openapi-schemas.ts";

/** The texts of a response, each under the name of its example. */
type Texts = Readonly<Record<string, string>>;

interface ErrorResponse {
  readonly description: string;
  /** The texts of `error`, in responses of the function. */
  readonly errors?: Texts;
  /** The texts of `message`, in responses that the gateway sends without calling the function. */
  readonly messages?: Texts;
}

interface OperationErrors {
  /** The error responses that only this operation has, by their status. */
  readonly own: Readonly<Record<number, ErrorResponse>>;
  readonly databaseError: string;
  /** Tells clients whether they can retry after a 429 or a 5xx. */
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
  "Access-Control-Expose-Headers": textHeader("The response headers that pages can read", {
    const: CORS.exposedHeaders.join(),
  }),
  Vary: textHeader("Sent when not every origin is allowed", { const: "Origin" }),
};

interface Success {
  readonly description: string;
  readonly schema: keyof typeof schemas;
  readonly headers?: object;
}

export const successResponse = ({ description, schema, headers }: Success) => ({
  description,
  headers: { ...headers, ...corsHeaders },
  content: { "application/json": { schema: ref(schema) } },
});

const examples = (member: string, texts: Texts = {}) =>
  Object.entries(texts).map(([name, text]) => [name, { summary: text, value: { [member]: text } }]);

const errorResponse = ({ description, errors, messages }: ErrorResponse, headers: object = {}) => ({
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

const retryAfter = {
  description: "Seconds to wait. The gateway's own 503 has no such header",
  schema: { type: "integer", minimum: 0 },
};

/** Lists all error responses of an operation: its own, and those that all operations share. */
export const errorResponses = ({ own, databaseError, advice }: OperationErrors) => ({
  ...Object.fromEntries(Object.entries(own).map(([status, response]) => [status, errorResponse(response)])),
  401: errorResponse({
    description: "The API requires a token, and the request has no valid one",
    messages: { "no-token": "Unauthorized" },
  }),
  429: errorResponse({
    description: `The gateway throttles. ${advice}`,
    messages: { throttled: "Too Many Requests" },
  }),
  500: errorResponse({
    description: `The service failed. ${advice}`,
    errors: { "database-error": databaseError, "other-error": "Internal server error" },
    messages: { "gateway-error": "Internal Server Error" },
  }),
  503: errorResponse(
    {
      description: `The service is throttled or out of time. ${advice}`,
      errors: { busy: "Service is busy, try again" },
      messages: { unavailable: "Service Unavailable" },
    },
    { "Retry-After": retryAfter },
  ),
});
