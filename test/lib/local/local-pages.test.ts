import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { References } from "../../../lib/database/stored-references.ts";
import { createLocalPages } from "../../../lib/local/local-pages.ts";
import { createOpenApiDocument } from "../../../lib/openapi/openapi-document.ts";
import { type Send, sendOverHttp } from "../../support/send.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

const REFERENCES = { groups: [{ id: 1, name: "Core Verbs" }], study_activities: [] };

const heard: string[] = [];
const errors: unknown[] = [];
let readReferences = async (): Promise<References> => REFERENCES;
let gateway: TestGateway;
let send: Send;

beforeAll(async () => {
  gateway = await startTestGateway(async () => ({ statusCode: 204 }), {
    findPage: createLocalPages({
      readReferences: () => readReferences(),
      onError: (error) => errors.push(error),
    }),
    onResponse: ({ method, url }) => heard.push(`${method} ${url}`),
  });
  send = sendOverHttp(gateway.url);
});

afterAll(() => gateway.close());

const get = (path: string) => send({ method: "GET", path, headers: {} });

test("the document is served, with the server that serves it", async () => {
  const { status, headers, body } = await get("/openapi.json");
  expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "application/json" });
  const { paths, components, ...document } = JSON.parse(body);
  const expected = createOpenApiDocument("/");
  expect(document).toEqual({
    openapi: expected.openapi,
    info: expected.info,
    servers: expected.servers,
    tags: expected.tags,
    security: [],
  });
  expect(Object.keys(paths)).toEqual(Object.keys(expected.paths));
  expect(components).toEqual({ schemas: expected.components.schemas });
});

test("the document asks for no token, as the service on this machine does not", async () => {
  const { body } = await get("/openapi.json");
  const findSecurity = (text: string) => text.match(/"security\w*":(\[\])?/g);
  expect(findSecurity(body)).toEqual(['"security":[]']);
  expect(findSecurity(JSON.stringify(createOpenApiDocument("/")))).toEqual([
    '"security":',
    '"securitySchemes":',
  ]);
});

test("names are those of the table", async () => {
  const { status, headers, body } = await get("/local/references");
  expect({ status, body: JSON.parse(body) }).toEqual({ status: 200, body: REFERENCES });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

test("names that can't be read are an error, whose reason is not sent", async () => {
  const secret = new Error("secret");
  readReferences = () => Promise.reject(secret);
  expect(await get("/local/references")).toMatchObject({
    status: 500,
    body: '{"error":"Database error: the groups and study activities could not be read"}',
  });
  expect(errors).toEqual([secret]);
  readReferences = async () => REFERENCES;
});

/** Finds the scripts, styles, pictures and modules that a file names. */
const findLinks = (path: string, body: string) =>
  [...body.matchAll(/(?:src|href|from )="?([^"]*)"|from "([^"]*)"/g)]
    .map(([, attribute, module]) => attribute ?? module ?? "")
    .map((link) => new URL(link, gateway.url + path).pathname);

test.each(["/", "/docs"])("%s has all of its parts here, each with its type and a policy", async (page) => {
  const found = new Set([page]);
  for (const path of found) {
    const { status, headers, body } = await get(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(headers["content-type"]).toMatch(/^(text\/(html|css|javascript)|image\/svg\+xml); charset=utf-8$/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toMatch(
      /^default-src '(none|self)'; .*base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    const isLibrary = path.includes("swagger");
    for (const link of isLibrary ? [] : findLinks(path, body)) found.add(link);
  }
  expect(found.size).toBeGreaterThan(9);
});

test("a browser that shows JSON finds the icon, where it looks for one without asking a page", async () => {
  const [{ status, headers, body }, icon] = [await get("/favicon.ico"), await get("/page/icon.svg")];
  expect({ status, type: headers["content-type"] }).toEqual({
    status: 200,
    type: "image/svg+xml; charset=utf-8",
  });
  expect(body).toBe(icon.body);
});

test("the policy of the sessions allows only what the page needs", async () => {
  const { headers, body } = await get("/");
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; /,
  );
  expect(body).not.toMatch(/<script(?![^>]* src=)|<style|style=| on[a-z]+=/);
});

test.each(["/", "/page/service.js", "/docs", "/docs/swagger-ui.css", "/openapi.json", "/local/references"])(
  "HEAD %s has the response of GET, without the body",
  async (path) => {
    const { status, headers, body } = await send({ method: "HEAD", path, headers: {} });
    const expected = await get(path);
    expect({ status, type: headers["content-type"], length: headers["content-length"], body }).toEqual({
      status: expected.status,
      type: expected.headers["content-type"],
      length: expected.headers["content-length"],
      body: "",
    });
  },
);

test.each([
  ["GET", "//"],
  ["GET", "/page/"],
  ["GET", "/page/docs-page.js"],
  ["GET", "/page/../local-pages.ts"],
  ["GET", "/local/references/"],
  ["POST", "/"],
  ["POST", "/local/references"],
  ["GET", "/docs/"],
  ["GET", "/docs/absent.js"],
  ["GET", "/docs/../package.json"],
  ["GET", "/__proto__"],
  ["GET", "/constructor"],
  ["POST", "/docs"],
  ["HEAD", "/docs/"],
])("%s %s is as unknown as it is to the gateway", async (method, path) => {
  const { status, body } = await send({ method, path, headers: {} });
  expect({ status, body }).toEqual({ status: 404, body: method === "HEAD" ? "" : '{"message":"Not Found"}' });
});

test("requests for pages are not among those of the service", async () => {
  heard.length = 0;
  await get("/docs");
  await get("/elsewhere");
  await send({ headers: {} });
  expect(heard).toEqual(["GET /elsewhere", "POST /api/study-sessions"]);
});
