import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ROUTES } from "../../functions/routes.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import { readReferences } from "../../lib/database/stored-references.ts";
import { createLocalPages } from "../../lib/local/local-pages.ts";
import { VALID } from "../support/events.ts";
import { createService } from "../support/service.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import type { TestTable } from "../support/test-table.ts";

type Database = Pick<TestTable, "endpoint" | "tableName">;

/** Starts the service with its pages. */
export const startPages = async ({ endpoint, tableName }: Database, port = 0) => {
  const { handler, client } = createService(endpoint, tableName);
  const findPage = createLocalPages({
    readReferences: () => readReferences(client, tableName),
    onError: () => {},
  });
  const gateway = await startTestGateway(handler, { findPage, port });
  return {
    ...gateway,
    url: `http://localhost:${gateway.port}`,
    close: async () => {
      await gateway.close();
      client.destroy();
    },
  };
};

/** Creates a session as another client does. */
export const createElsewhere = async (url: string, body: object = VALID) => {
  const response = await fetch(url + ROUTES.createStudySession.path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as StudySession;
};

/** Opens a page, and records its requests and its errors. */
export const openPage = async (browser: Browser, url: string, options: BrowserContextOptions = {}) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const requested: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(url);
  return { page, requested, problems };
};

/** Finds the other hosts to which a page has sent requests. */
export const findElsewhere = (requested: readonly string[], url: string) =>
  requested.filter((each) => !/^(data:|blob:)/.test(each) && new URL(each).origin !== new URL(url).origin);

/** Reads the width of the page: a page wider than the window scrolls sideways. */
export const readWidth = (page: Page) => page.evaluate("document.scrollingElement.scrollWidth");

/** Reads the value of a style as it is shown. */
export const readStyle = (page: Page, selector: string, property: string) =>
  page.evaluate(`getComputedStyle(document.querySelector("${selector}")).getPropertyValue("${property}")`);

export const PHONE = { viewport: { width: 390, height: 844 } };
