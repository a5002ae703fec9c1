import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { useTable } from "../support/use-table.ts";
import { startBrowser } from "./browser.ts";
import { findElsewhere, openPage, PHONE, readStyle, readWidth, startPages } from "./local-pages.ts";

let browser: Browser;
const { table } = useTable();
let service: Awaited<ReturnType<typeof startPages>>;
let opened: Awaited<ReturnType<typeof openPage>>;

beforeAll(async () => {
  browser = await startBrowser();
  service = await startPages(table);
});

afterEach(() => opened.page.close());

afterAll(async () => {
  await browser.close();
  await service.close();
});

const open = async (options: BrowserContextOptions = {}) => {
  opened = await openPage(browser, `${service.url}/docs`, options);
  await opened.page.getByText("Create a study session").click();
  return opened.page;
};

/** Sends the example of the document. */
const execute = async (page: Page) => {
  await page.getByRole("button", { name: "Execute" }).first().click();
  const response = page.locator(".live-responses-table");
  await response.getByText("201").first().waitFor();
  return response;
};

/** Waits until the whole of an element is in the part of the page that is visible. */
const waitUntilInView = (page: Page, selector: string) =>
  page.waitForFunction(`(() => {
    const { top, bottom } = document.querySelector("${selector}").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  })()`);

test("a session is created by clicks", async () => {
  const response = await execute(await open());
  expect(await response.textContent()).toMatch(/"id": 1,\s+"group_id": 1,\s+"study_activity_id": 2,/);
});

describe.each([
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", PHONE],
])("on %s", (_, options) => {
  test("the response is in view", async () => {
    const page = await open(options);
    await execute(page);
    await waitUntilInView(page, ".live-responses-table .response-col_status");
    await waitUntilInView(page, ".live-responses-table .highlight-code");
  });

  test("the page fits", async () => {
    const page = await open(options);
    await execute(page);
    expect(await readWidth(page)).toBe(options.viewport.width);
  });
});

test("each response names only the headers that differ, and none asks for a token", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Execute" }).first().waitFor();
  const codes = await page.locator(".response .response-col_status").allTextContents();
  expect(codes).toEqual(["201", "400", "404", "413", "415", "422", "429", "500", "503"]);
  const names = await page.locator(".response .headers .header-col:first-child").allTextContents();
  expect(names.filter((name) => name !== "Name")).toEqual(["Location", "Idempotent-Replayed", "Retry-After"]);
});

test("nothing has a padlock, because nothing is locked", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Execute" }).first().waitFor();
  expect(await page.locator(".authorization__btn, .auth-wrapper").count()).toBe(0);
});

test.each([
  ["light", "rgba(0, 0, 0, 0)"],
  ["dark", "rgb(28, 32, 34)"],
] as const)("it is %s where the system is", async (colorScheme, background) => {
  const page = await open({ colorScheme });
  expect(await readStyle(page, "html", "background-color")).toBe(background);
  await page.emulateMedia({ colorScheme: colorScheme === "dark" ? "light" : "dark" });
  await page.locator(`html${colorScheme === "dark" ? ":not(.dark-mode)" : ".dark-mode"}`).waitFor();
});

test("it leads back to the sessions", async () => {
  const page = await open();
  await page.getByRole("link", { name: "Newest sessions" }).click();
  await page.getByRole("heading", { name: "Start a session" }).waitFor();
});

test("it asks nobody but the service, and finds nothing wrong", async () => {
  await execute(await open());
  expect(opened.requested.length).toBeGreaterThan(4);
  expect(findElsewhere(opened.requested, service.url)).toEqual([]);
  expect(opened.problems).toEqual([]);
});
