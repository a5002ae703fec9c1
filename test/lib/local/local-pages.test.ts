import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findLocalPage } from "../../../lib/local/local-pages.ts";
import { createOpenApiDocument } from "../../../lib/openapi/openapi-document.ts";
import { type Send, sendOverHttp } from "../../support/send.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

const heard: string[] = [];
let gateway: TestGateway;
let send: Send;

beforeAll(async () => {
  gateway = await startTestGateway(async () => ({ statusCode: 204 }), {
    findPage: findLocalPage,
    onAnswer: ({ method, url }) => heard.push(`${method} ${url}`),
  });
  send = sendOverHttp(gateway.url);
});

afterAll(() => gateway.close());

const get = (path: string) => send({ method: "GET", path, headers: {} });

test("the root leads to the page", async () => {
  expect(await get("/")).toMatchObject({ status: 302, headers: { location: "/docs" } });
});

test("the document is served, with the server that serves it", async () => {
  const { status, headers, body } = await get("/openapi.json");
  expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "application/json" });
  expect(JSON.parse(body)).toEqual(createOpenApiDocument("/"));
});

test("the page has all of its parts here", async () => {
  const { headers, body } = await get("/docs");
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  const links = [...body.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, link = ""]) => link);
  expect(links).toHaveLength(3);
  for (const link of links) {
    expect(await get(link)).toMatchObject({
      status: 200,
      headers: { "content-type": expect.stringMatching(/^text\/(css|javascript); charset=utf-8$/) },
    });
  }
});

test.each(["/", "/docs", "/docs/swagger-ui.css", "/openapi.json"])(
  "HEAD %s is answered like GET, without the body",
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
