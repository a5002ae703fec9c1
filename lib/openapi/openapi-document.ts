import { OPERATIONS, type Operation, ROUTES } from "../../functions/routes.ts";
import packageJson from "../../package.json" with { type: "json" };
import { operations } from "./openapi-operations.ts";
import { schemas } from "./openapi-schemas.ts";

const TAG = { name: "Study sessions", description: "One session is one start of an activity with a group." };

/** @returns OpenAPI's Path Item Object for the operations of one path */
const pathItem = (ofPath: readonly Operation[]) =>
  Object.fromEntries(
    ofPath.map((operationId) => [
      ROUTES[operationId].method.toLowerCase(),
      { operationId, tags: [TAG.name], ...operations[operationId] },
    ]),
  );

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
    description:
      "Records every start of a study session of a language-learning portal, and reads what was recorded.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: server }],
  tags: [TAG],
  // Where operations say this instead, generated Python clients insist on a token.
  security: [{}, { token: [] }],
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
