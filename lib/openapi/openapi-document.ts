import { toJsonSchema } from "@valibot/to-json-schema";
import { OPERATIONS, type Operation, ROUTES } from "../../functions/routes.ts";
import { StudySession, StudySessionRequest } from "../../functions/study-session.ts";
import packageJson from "../../package.json" with { type: "json" };
import { operations, preflight } from "./openapi-operations.ts";

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

const isPreflighted = (operation: Operation) => ROUTES[operation].method !== "GET";

/** @returns OpenAPI's Path Item Object for the operations of one path */
const pathItem = (ofPath: readonly Operation[]) => ({
  ...Object.fromEntries(
    ofPath.map((operationId) => [
      ROUTES[operationId].method.toLowerCase(),
      { operationId, ...operations[operationId] },
    ]),
  ),
  ...(ofPath.some(isPreflighted) && { options: preflight }),
});

const createPaths = () => {
  const byPath = Map.groupBy(OPERATIONS, (operation) => ROUTES[operation].path);
  return Object.fromEntries([...byPath].map(([path, ofPath]) => [path, pathItem(ofPath)]));
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
  paths: createPaths(),
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
