import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

const { resolve } = createRequire(import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** With these policies, the browser allows a page to send requests only to the service. */
const CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SESSIONS_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; ${CLOSED}`;
/** Swagger UI sets inline styles, and its style sheet contains pictures. */
const DOCS_POLICY = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; ${CLOSED}`;

const SESSIONS_FILES = [
  "icon.svg",
  "references.js",
  "service.js",
  "session-form.js",
  "session-list.js",
  "session-table.js",
  "sessions-page.css",
  "sessions-page.js",
];
const DOCS_FILES = ["docs-page.css", "docs-page.js"];
const SWAGGER_FILES = ["swagger-ui-bundle.js", "swagger-ui.css"];

const own = (name: string) => join(import.meta.dirname, "pages", name);

/** Maps each path to its file. */
const FILES = new Map([
  ["/", own("sessions-page.html")],
  ["/docs", own("docs-page.html")],
  ["/favicon.ico", own("icon.svg")],
  ...SESSIONS_FILES.map((name) => [`/page/${name}`, own(name)] as const),
  ...DOCS_FILES.map((name) => [`/docs/${name}`, own(name)] as const),
  ...SWAGGER_FILES.map((name) => [`/docs/${name}`, resolve(`swagger-ui-dist/${name}`)] as const),
]);

/** @returns undefined when no file belongs to this path */
export const readPageFile = async (path: string): Promise<APIGatewayProxyStructuredResultV2 | undefined> => {
  const file = FILES.get(path);
  if (file === undefined) return undefined;
  const headers = {
    "Content-Type": `${TYPES[extname(file)]}; charset=utf-8`,
    "Content-Security-Policy": path.startsWith("/docs") ? DOCS_POLICY : SESSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
  };
  return { statusCode: 200, headers, body: await readFile(file, "utf8") };
};
