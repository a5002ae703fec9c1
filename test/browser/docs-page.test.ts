import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { readEnvironment } from "../../functions/environment.ts";
import type { AnsweredRequest } from "../../lib/local/local-gateway.ts";
import { startLocalService } from "../../lib/local/local-service.ts";
import { startBrowser } from "./browser.ts";

const answered: AnsweredRequest[] = [];
const requested: string[] = [];
const problems: string[] = [];
let dataDir: string;
let service: Awaited<ReturnType<typeof startLocalService>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "study-sessions-"));
  service = await startLocalService({
    ...readEnvironment({ TABLE_NAME: "StudySessions" }),
    port: 0,
    dataDir,
    endpoint: undefined,
    onAnswer: (request) => answered.push(request),
    onError: () => {},
    writeLog: () => {},
  });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
}, 30_000);

afterAll(async () => {
  await browser.close();
  await service.close();
  await rm(dataDir, { recursive: true });
});

test("the root of the service shows the page, where a session is created by clicks", async () => {
  await page.goto(`http://localhost:${service.port}`);
  expect(new URL(page.url()).pathname).toBe("/docs");
  await page.getByText("Create a study session").click();
  await page.getByRole("button", { name: "Execute" }).first().click();
  const answer = page.locator(".live-responses-table");
  await answer.getByText("201").first().waitFor();
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

  expect(await answer.textContent()).toMatch(/"id": 1,\s+"group_id": 1,\s+"study_activity_id": 2,/);
  expect(answered.map(({ method, status }) => ({ method, status }))).toEqual([
    { method: "POST", status: 201 },
  ]);
});

test("the page asks nobody but the service, and finds nothing wrong", () => {
  const elsewhere = requested.filter(
    (url) => !/^(data:|blob:)/.test(url) && new URL(url).port !== String(service.port),
  );
  expect(requested.length).toBeGreaterThan(4);
  expect(elsewhere).toEqual([]);
  expect(problems).toEqual([]);
});
