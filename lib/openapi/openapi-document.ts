import { OPERATIONS, type Operation, ROUTES } from "../../functions/routes.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createStudySession } from "./openapi-create.ts";
import { listStudySessions, readStudySession } from "./openapi-reads.ts";
import { schemas } from "./openapi-schemas.ts";

/** OpenAPI's Operation Object of each route, without the members that all routes share. */
const OPERATION_OBJECTS: Readonly<Record<Operation, object>> = {
  createStudySession,
  readStudySession,
  listStudySessions,
};

const TAG = { name: "Study sessions", description: "One session is one start of an activity with a group." };

/** @returns OpenAPI's Path Item Object for the operations of one path */
const pathItem = (ofPath: readonly Operation[]) =>
  Object.fromEntries(
    ofPath.map((operationId) => [
      ROUTES[operationId].method.toLowerCase(),
      { operationId, tags: [TAG.name], ...OPERATION_OBJECTS[operationId] },
    ]),
  );

const createPaths = () => {
  const byPath = Map.groupBy(OPERATIONS, (operation) => ROUTES[operation].path);
  return Object.fromEntries([...byPath].map(([path, ofPath]) => [path, pathItem(ofPath)]));
};

/**
 * Creates the OpenAPI document. Its schemas are made from the ones that check the requests.
 * @param server - the URL of the service, or `/` for the server of the document
 */
export const createOpenApiDocument = (server: string) => ({
  openapi: "3.1.0",
  info: {
    title: "Study sessions",
    version: packageJson.version,
    description:
      "Records every start of a study session of a language-learning portal, and reads the recorded sessions.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: server }],
  tags: [TAG],
  // If the operations said this instead, generated Python clients would require a token.
  security: [{}, { token: [] }],
  paths: createPaths(),
  components: {
    schemas,
    securitySchemes: {
      token: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "JWT",
        description: "Required only where the stack has the settings `jwtIssuer` and `jwtAudience`.",
      },
    },
  },
});
