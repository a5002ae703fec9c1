import { OPERATIONS, type Operation, ROUTES } from "../../functions/routes.ts";
import packageJson from "../../package.json" with { type: "json" };
import { operations, preflight } from "./openapi-operations.ts";
import { schemas } from "./openapi-schemas.ts";

/** What every operation has. A request needs a token only where the stack has an issuer. */
const shared = { tags: ["Study sessions"], security: [{}, { token: [] }] };

const isPreflighted = (operation: Operation) => ROUTES[operation].method !== "GET";

/** @returns OpenAPI's Path Item Object for the operations of one path */
const pathItem = (ofPath: readonly Operation[]) => ({
  ...Object.fromEntries(
    ofPath.map((operationId) => [
      ROUTES[operationId].method.toLowerCase(),
      { operationId, ...shared, ...operations[operationId] },
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
    description:
      "Records every start of a study session of a language-learning portal, and reads what was recorded.",
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
