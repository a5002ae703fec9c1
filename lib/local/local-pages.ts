import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonAnswer } from "../../functions/json-answer.ts";
import { createOpenApiDocument } from "../openapi/openapi-document.ts";

type Page = () => APIGatewayProxyStructuredResultV2 | Promise<APIGatewayProxyStructuredResultV2>;

const { resolve } = createRequire(import.meta.url);

/** The browser itself sees to it that the page asks nobody else for anything. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

const file =
  (path: string, type: string): Page =>
  async () => ({
    statusCode: 200,
    headers: { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": POLICY },
    body: await readFile(path, "utf8"),
  });

const PAGES = new Map<string, Page>([
  ["/", () => ({ statusCode: 302, headers: { Location: "/docs" } })],
  ["/docs", file(join(import.meta.dirname, "pages/docs-page.html"), "text/html")],
  ["/docs/docs-page.js", file(join(import.meta.dirname, "pages/docs-page.js"), "text/javascript")],
  ["/docs/swagger-ui-bundle.js", file(resolve("swagger-ui-dist/swagger-ui-bundle.js"), "text/javascript")],
  ["/docs/swagger-ui.css", file(resolve("swagger-ui-dist/swagger-ui.css"), "text/css")],
  [
    "/openapi.json",
    () => jsonAnswer(200, createOpenApiDocument("/"), { "Access-Control-Allow-Origin": "*" }),
  ],
]);

/**
 * The pages that only the service on this machine has: the OpenAPI document, and the viewer to try it with. HEAD finds
 * what GET finds: Node leaves the body out.
 * @returns undefined when there is no such page
 */
export const findLocalPage = async (method: string | undefined, path: string) =>
  method === "GET" || method === "HEAD" ? PAGES.get(path)?.() : undefined;
