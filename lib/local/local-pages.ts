import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonResponse } from "../../functions/http/json-response.ts";
import type { References } from "../database/stored-references.ts";
import { createOpenApiDocument } from "../openapi/openapi-document.ts";
import { readPageFile } from "./page-files.ts";

interface Options {
  /** Reads the groups and study activities of the table. */
  readonly readReferences: () => Promise<References>;
  /** Hears why they could not be read. */
  readonly onError: (error: unknown) => void;
}

type Page = () => Promise<APIGatewayProxyStructuredResultV2>;

const TOKEN_MEMBERS = ["security", "securitySchemes"];

/** Nobody checks tokens on this machine, so the document that is served here does not mention them. */
const answerDocument: Page = async () => {
  const text = JSON.stringify(createOpenApiDocument("/"), (name, value) =>
    TOKEN_MEMBERS.includes(name) ? undefined : value,
  );
  return jsonResponse(200, JSON.parse(text), { "Access-Control-Allow-Origin": "*" });
};

const answerReferences =
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
 * Makes what only the service on this machine has: a page that shows the sessions, the names that it needs, the OpenAPI
 * document, and a viewer to try it with. HEAD finds what GET finds: Node leaves the body out.
 * @returns a function that answers undefined when there is no such page
 */
export const createLocalPages = (options: Options) => {
  const pages = new Map<string, Page>([
    ["/openapi.json", answerDocument],
    ["/local/references", answerReferences(options)],
  ]);
  return async (method: string | undefined, path: string) => {
    if (method !== "GET" && method !== "HEAD") return undefined;
    const page = pages.get(path);
    return page ? page() : readPageFile(path);
  };
};
