import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { ROUTES } from "../../functions/routes.ts";
import { VALID } from "../support/events.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../support/misbehaving-database.ts";
import { createService } from "../support/service.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { openTestTable, type TestTable } from "../support/test-table.ts";
import { startBrowser, startPortal } from "./browser.ts";

interface Options {
  readonly endpoint?: string;
  readonly allowedOrigins?: readonly string[];
}

let browser: Browser;
let table: TestTable;
let portal: Awaited<ReturnType<typeof startPortal>>;
let page: Page;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  [browser, table, portal] = await Promise.all([startBrowser(), openTestTable(), startPortal()]);
}, 30_000);

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(portal.origin);
});

afterEach(async () => {
  await page.close();
  for (const close of closers.splice(0)) await close();
});

afterAll(async () => {
  await Promise.all([browser.close(), table.close(), portal.close()]);
});

/** @returns the URL of the route, and the methods of the requests that came */
const startApi = async ({ endpoint = table.endpoint, allowedOrigins = ["*"] }: Options = {}) => {
  const { handler, client } = createService(endpoint, table.tableName, { allowedOrigins });
  const methods: string[] = [];
  const gateway = await startTestGateway(handler, {
    allowedOrigins,
    onResponse: ({ method }) => methods.push(method),
  });
  closers.push(gateway.close, () => client.destroy());
  return { url: gateway.url + ROUTES.createStudySession.path, methods };
};

/** What the page gets to know, in the page. */
const create = (url: string, body: unknown = VALID, headers: Readonly<Record<string, string>> = {}) =>
  page.evaluate(
    async ([url, body, headers]) => {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...headers },
          body: JSON.stringify(body),
        });
        const replayed = response.headers.get("Idempotent-Replayed");
        return { status: response.status, replayed, body: await response.json() };
      } catch (error) {
        return { refused: String(error) };
      }
    },
    [url, body, headers] as const,
  );

const CREATED = {
  status: 201,
  replayed: null,
  body: { id: expect.any(Number), ...VALID, created_at: expect.any(String) },
};

test("a page on another origin creates a session and reads the answer", async () => {
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
  closers.push(database.close);
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
