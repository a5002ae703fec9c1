import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { ROUTES } from "../../functions/routes.ts";
import { findExamples } from "../support/documentation.ts";
import { VALID } from "../support/events.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../support/misbehaving-database.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { useTable } from "../support/use-table.ts";
import { INSECURE_HOST, startBrowser, startPortal } from "./browser.ts";

interface Options {
  readonly endpoint?: string;
  readonly allowedOrigins?: readonly string[];
}

let browser: Browser;
const { table, startService } = useTable();
let portal: Awaited<ReturnType<typeof startPortal>>;
let page: Page;

beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
}, 30_000);

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(portal.origin);
});

afterEach(() => page.close());

afterAll(async () => {
  await Promise.all([browser.close(), portal.close()]);
});

/** @returns the URL of the route, the methods of the requests that came, and the status of the first that was no preflight */
const startApi = async ({ endpoint = table.endpoint, allowedOrigins = ["*"] }: Options = {}) => {
  const { handler } = startService({ allowedOrigins }, endpoint);
  const methods: string[] = [];
  const posted = Promise.withResolvers<number>();
  const gateway = await startTestGateway(handler, {
    allowedOrigins,
    onResponse: ({ method, status }) => {
      methods.push(method);
      if (method === "POST") posted.resolve(status);
    },
  });
  runAtEnd(gateway.close);
  return { url: gateway.url + ROUTES.createStudySession.path, methods, posted: posted.promise };
};

/** Creates a session from the page, and returns what the page can see of the response. */
const create = (
  url: string,
  body: unknown = VALID,
  headers: Readonly<Record<string, string>> = {},
  options: Readonly<Record<string, string>> = {},
) =>
  page.evaluate(
    async ([url, body, headers, options]) => {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...headers },
          body: JSON.stringify(body),
          ...options,
        });
        const replayed = response.headers.get("Idempotent-Replayed");
        return { status: response.status, replayed, body: await response.json() };
      } catch (error) {
        return { refused: String(error) };
      }
    },
    [url, body, headers, options] as const,
  );

const CREATED = {
  status: 201,
  replayed: null,
  body: { id: expect.any(Number), ...VALID, created_at: expect.any(String) },
};

test("a page on another origin creates a session and reads the response", async () => {
  expect(await create((await startApi()).url)).toEqual(CREATED);
});

test.each([
  [400, "Missing required fields: group_id, study_activity_id", {}],
  [404, "Group not found", { ...VALID, group_id: Number.MAX_SAFE_INTEGER }],
])("it reads the text of a %i", async (status, error, body) => {
  expect(await create((await startApi()).url, body)).toEqual({ status, replayed: null, body: { error } });
});

test("it reads the text of a 500", async () => {
  const database = await startMisbehavingDatabase(MISBEHAVIOURS["refuses access"]);
  runAtEnd(database.close);
  const { url } = await startApi({ endpoint: database.endpoint });
  expect(await create(url)).toEqual({
    status: 500,
    replayed: null,
    body: { error: "Database error: the study session could not be saved" },
  });
});

test("it repeats a request with its key, and sees that this is the same session", async () => {
  const { url } = await startApi();
  const key = { "Idempotency-Key": randomUUID() };
  const first = await create(url, VALID, key);
  expect(first).toEqual(CREATED);
  expect(await create(url, VALID, key)).toEqual({ ...first, replayed: "true" });
});

test("it sends a token, which a service without an issuer ignores", async () => {
  const { url } = await startApi();
  expect(await create(url, VALID, { Authorization: "Bearer token" })).toEqual(CREATED);
});

test("where origins are listed, a listed one creates a session", async () => {
  const { url } = await startApi({ allowedOrigins: ["https://portal.example", portal.origin] });
  expect(await create(url)).toEqual(CREATED);
});

test("where origins are listed, another is refused before it creates anything", async () => {
  const { url, methods } = await startApi({ allowedOrigins: ["https://portal.example"] });
  expect(await create(url)).toEqual({ refused: "TypeError: Failed to fetch" });
  expect(methods).toEqual(["OPTIONS"]);
});

test("the browser asks once for permission, and remembers it", async () => {
  const { url, methods } = await startApi();
  for (let session = 1; session <= 3; session++) {
    expect(await create(url, VALID, { "Idempotency-Key": randomUUID() })).toEqual(CREATED);
  }
  expect(methods).toEqual(["OPTIONS", "POST", "POST", "POST"]);
});

test("the documented client creates a session from a page without HTTPS", async () => {
  const { url } = await startApi();
  await page.goto(portal.origin.replace("127.0.0.1", INSECURE_HOST));
  expect(await page.evaluate("[isSecureContext, typeof crypto.randomUUID]")).toEqual([false, "undefined"]);
  const [client] = findExamples("docs/calling.md", "A client that retries", "js");
  const call = `createStudySession(${JSON.stringify(new URL(url).origin)}, ${JSON.stringify(VALID)})`;
  expect(await page.evaluate(`(() => { ${client}; return ${call}; })()`)).toEqual(CREATED.body);
});

test.each([["*"], ["a list"]])(
  "it can't send credentials where the allowed origins are %s",
  async (allowed) => {
    const { url, methods } = await startApi({ allowedOrigins: [allowed === "*" ? "*" : portal.origin] });
    expect(await create(url, VALID, {}, { credentials: "include" })).toEqual({
      refused: "TypeError: Failed to fetch",
    });
    expect(methods).toEqual(["OPTIONS"]);
  },
);

/** Calls `navigator.sendBeacon` in the page with a valid request. */
const sendBeacon = (url: string, data: string) =>
  page.evaluate(`const body = ${JSON.stringify(JSON.stringify(VALID))};
    navigator.sendBeacon(${JSON.stringify(url)}, ${data})`);

test("navigator.sendBeacon sends no JSON", async () => {
  const { url, methods } = await startApi();
  await sendBeacon(url, 'new Blob([body], { type: "application/json" })');
  expect(await create(url)).toEqual(CREATED);
  expect(methods).toEqual(["OPTIONS", "OPTIONS", "POST"]);
});

test("navigator.sendBeacon with text creates no session", async () => {
  const { url, posted } = await startApi();
  await sendBeacon(url, "body");
  expect(await posted).toBe(415);
});

test("a request with keepalive goes on after the user has left the page", async () => {
  const { url, posted } = await startApi();
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(VALID),
    keepalive: true,
  };
  await page.evaluate(
    `addEventListener("pagehide", () => fetch(${JSON.stringify(url)}, ${JSON.stringify(request)}))`,
  );
  await page.goto("about:blank");
  expect(await posted).toBe(201);
});
