import { toJsonSchema } from "@valibot/to-json-schema";
import { ROUTE } from "../../functions/http-api.ts";
import { StudySession, StudySessionRequest } from "../../functions/study-session.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createAnswers, preflightAnswers } from "./openapi-answers.ts";

const schemaOf = (
  schema: typeof StudySession | typeof StudySessionRequest,
  description: string,
  example: unknown,
) => {
  const { $schema: _, ...jsonSchema } = toJsonSchema(schema, { target: "draft-2020-12" });
  return { ...jsonSchema, description, examples: [example] };
};

const textSchema = (member: string, description: string) => ({
  type: "object",
  description,
  required: [member],
  properties: { [member]: { type: "string" } },
});

const REQUEST = { group_id: 1, study_activity_id: 2 };

const schemas = {
  StudySessionRequest: schemaOf(
    StudySessionRequest,
    "Which group is studied with which activity. Other members are ignored.",
    REQUEST,
  ),
  StudySession: schemaOf(
    StudySession,
    "`created_at` is UTC, with milliseconds and `Z`. Ids rise from 1, are never used twice, and have gaps.",
    { id: 123, ...REQUEST, created_at: "2025-02-20T12:00:00.000Z" },
  ),
  Error: textSchema("error", "An error of the service."),
  Message: textSchema("message", "An error of the gateway, which then did not ask the service."),
};

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes it safe to repeat the request for 24 hours: the same key with the same ids stands for one session. " +
    "Take a random one for each session, such as `crypto.randomUUID()` makes. Bare or in double quotes.",
  schema: { type: "string", pattern: '^(?!""$)([!-~]{1,255}|"[!-~]{1,255}")$' },
};

const create = {
  operationId: "createStudySession",
  tags: ["Study sessions"],
  summary: "Create a study session",
  description: "Without an `Idempotency-Key` two equal requests are two sessions.",
  security: [{}, { token: [] }],
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    description: "At most 16 KB.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/StudySessionRequest" } } },
  },
  responses: createAnswers,
};

const preflight = {
  operationId: "askForPermission",
  tags: ["Study sessions"],
  summary: "The preflight of browsers (CORS)",
  description: "Browsers send it by themselves before a page on another origin creates its first session.",
  security: [],
  responses: preflightAnswers,
};

/**
 * The OpenAPI document, whose schemas are those that requests are checked with.
 * @param server - the URL of the service, or `/` for the one that serves the document
 */
export const createOpenApiDocument = (server: string) => ({
  openapi: "3.1.0",
  info: {
    title: "Study sessions",
    version: packageJson.version,
    description: "Records every start of a study session of a language-learning portal.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: server }],
  tags: [{ name: "Study sessions", description: "One session is one start of an activity with a group." }],
  paths: { [ROUTE.path]: { [ROUTE.method.toLowerCase()]: create, options: preflight } },
  components: {
    schemas,
    securitySchemes: {
      token: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "JWT",
        description: "Only asked for where the stack has the settings `jwtIssuer` and `jwtAudience`.",
      },
    },
  },
});
