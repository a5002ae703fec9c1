import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonResponse } from "../../functions/http/json-response.ts";
import type { References } from "../database/stored-references.ts";
import { createOpenApiDocument } from "../openapi/openapi-document.ts";
import { readPageFile } from "./page-files.ts";

interface Options {
  /** Reads the groups and study activities of the table. */
  readonly readReferences: () => Promise<References>;
  /** Called with the reason when they can't be read. */
  readonly onError: (error: unknown) => void;
}

type Page = () => Promise<APIGatewayProxyStructuredResultV2>;

const TOKEN_MEMBERS = ["securitySchemes", "401"];

/**
 * The local service checks no tokens, so the document that it serves does not mention them. Its `security`
 * is an empty list: in this folder, `openapi-typescript` follows `redocly.yaml`, which requires the member.
 */
const respondWithDocument: Page = async () => {
  const text = JSON.stringify({ ...createOpenApiDocument("/"), security: [] }, (name, value) =>
    TOKEN_MEMBERS.includes(name) ? undefined : value,
  );
  return jsonResponse(200, JSON.parse(text), { "Access-Control-Allow-Origin": "*" });
};

const respondWithReferences =
  ({ readReferences, onError }: Options): Page =>
  async () => {
    try {
      return jsonResponse(200, await readReferences());
    } catch (error) {
      onError(error);
      return jsonResponse(500, {
        error: "Database error: the groups and study activities could not be read",
      });
    }
  };

/**
 * Makes the pages that only the local service has: one that shows the sessions, the names that this page needs, the
 * OpenAPI document, and a viewer to try the API. HEAD finds the same pages as GET: Node leaves out the body.
 * @returns a function that returns undefined when there is no such page
 */
export const createLocalPages = (options: Options) => {
  const pages = new Map<string, Page>([
    ["/openapi.json", respondWithDocument],
    ["/local/references", respondWithReferences(options)],
  ]);
  return async (method: string | undefined, path: string) => {
    if (method !== "GET" && method !== "HEAD") return undefined;
    const page = pages.get(path);
    return page ? page() : readPageFile(path);
  };
};
