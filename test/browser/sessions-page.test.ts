import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { pk } from "../../functions/sessions/item-keys.ts";
import { putItem, removeItem, setCounter } from "../support/stored-sessions.ts";
import { useTableOfTest } from "../support/use-table.ts";
import { startBrowser } from "./browser.ts";
import {
  createElsewhere,
  findElsewhere,
  openPage,
  PHONE,
  readStyle,
  readWidth,
  startPages,
} from "./local-pages.ts";

let browser: Browser;
const { table } = useTableOfTest();
let service: Awaited<ReturnType<typeof startPages>>;
let opened: Awaited<ReturnType<typeof openPage>>;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  service = await startPages(table);
});

afterEach(async () => {
  await opened.page.close();
  await service.close();
});

afterAll(() => browser.close());

const open = async (options: BrowserContextOptions = {}) => {
  opened = await openPage(browser, service.url, options);
  return opened.page;
};

const createSessions = async (count: number) => {
  for (let session = 1; session <= count; session++) await createElsewhere(service.url);
};

const readIds = async (page: Page) =>
  (await page.locator("tbody td:first-child").allTextContents()).map(Number);

const fromTo = (highest: number, lowest: number) =>
  Array.from({ length: highest - lowest + 1 }, (_, index) => highest - index);

/** Reads the id, the group and the study activity in a row. */
const readRow = async (row: Locator) => (await row.getByRole("cell").allTextContents()).slice(0, 3);

const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate(`
    Object.defineProperty(document, "hidden", { configurable: true, value: ${isHidden} });
    document.dispatchEvent(new Event("visibilitychange"));
  `);

/** Waits for the row of a session. */
const waitForRow = async (page: Page, id: number) => {
  const row = page.locator("tbody tr", { has: page.getByRole("link", { name: String(id), exact: true }) });
  await row.waitFor();
  return row;
};

test("an empty table says so, until a session appears that another client created", async () => {
  const page = await open();
  await page.getByText("There are no sessions yet.").waitFor();
  const { id, created_at } = await createElsewhere(service.url);

  const row = await waitForRow(page, id);
  expect(await readRow(row)).toEqual(["1", "Core Verbs", "Flashcards"]);
  expect(await row.locator("time").getAttribute("datetime")).toBe(created_at);
  expect(await row.getAttribute("class")).toBe("new");
  await page.getByRole("status").getByText("1 new session").waitFor();
  expect(await page.getByText("There are no sessions yet.").isVisible()).toBe(false);
});

test("times are those of the reader's time zone, with that of the response as a title", async () => {
  const created_at = "2026-01-31T23:30:00.000Z";
  const session = { id: 1, group_id: 1, study_activity_id: 2, created_at };
  for (const Item of [
    { pk: pk.studySession(1), ...session },
    { pk: pk.counter, last_id: 1 },
  ]) {
    await putItem(table, Item);
  }
  const time = (await waitForRow(await open({ timezoneId: "Asia/Tokyo", locale: "en-GB" }), 1)).locator(
    "time",
  );
  expect(await time.textContent()).toBe("1 Feb 2026 08:30:00");
  expect(await time.getAttribute("title")).toBe(created_at);
});

test("the form creates a session and shows the response, and sent again it is the same session", async () => {
  const page = await open();
  await page.getByLabel("Group").selectOption("Core Adjectives");
  await page.getByLabel("Study activity").selectOption("Adventure MUD");
  await page.getByRole("button", { name: "Start session" }).click();
  await page.getByRole("status").getByText("201 Created Session 1 was created.").waitFor();
  const response = await page.locator("#response-body").textContent();
  expect(JSON.parse(response ?? "")).toEqual({
    id: 1,
    group_id: 2,
    study_activity_id: 5,
    created_at: expect.any(String),
  });
  const key = await page.locator("#response-key").textContent();
  expect(key).toMatch(/^[0-9a-f]{32}$/);

  await page.getByRole("button", { name: "Send again" }).click();
  await page
    .getByRole("status")
    .getByText("201 Created Sent again: same session 1, nothing was doubled.")
    .waitFor();
  expect(await page.locator("#response-body").textContent()).toBe(response);
  expect(await page.locator("#response-key").textContent()).toBe(key);
  await waitForRow(page, 1);

  await page.getByRole("button", { name: "Start session" }).click();
  await page.getByRole("status").getByText("was created.").waitFor();
  expect(await page.locator("#response-key").textContent()).not.toBe(key);
  await page.locator("tbody tr").nth(1).waitFor();
  expect(await readIds(page)).toHaveLength(2);
});

test("the form shows its request as a command, which creates the same session", async () => {
  const page = await open();
  await page.getByLabel("Study activity").selectOption("Adventure MUD");
  const command = (await page.locator("#curl").textContent()) ?? "";
  expect(command).toMatch(/^curl -X POST /);
  const { stdout } = await promisify(execFile)("sh", ["-c", command.replace("curl", "curl --silent")]);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, group_id: 1, study_activity_id: 5 });
  await waitForRow(page, 1);
});

test("a create that takes long shows that it is under way", async () => {
  const page = await open();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/api/study-sessions", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Start session" }).click();
  await page.getByRole("status").getByText("Sending…").waitFor();
  release();
  await page.getByRole("status").getByText("201 Created").waitFor();
});

test("a session is created with the keyboard alone", async () => {
  const page = await open();
  await page.locator("#send:enabled").waitFor();
  const focused = page.locator(":focus");
  await page.keyboard.press("Tab");
  expect(await focused.textContent()).toBe("Try the API");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Core A");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Flash");
  await page.keyboard.press("Tab");
  expect(await focused.textContent()).toBe("Start session");
  expect(await readStyle(page, ":focus", "outline-style")).toBe("solid");
  await page.keyboard.press("Enter");
  expect(await readRow(await waitForRow(page, 1))).toEqual(["1", "Core Adjectives", "Flashcards"]);
  await page.keyboard.press("Tab");
  expect(await focused.textContent()).toBe("Send again");
  await page.keyboard.press("Enter");
  await page.getByText("nothing was doubled").waitFor();
});

describe("older sessions", () => {
  test("come by the button, page by page, until there are none", async () => {
    await createSessions(45);
    const page = await open();
    await waitForRow(page, 26);
    expect(await readIds(page)).toEqual(fromTo(45, 26));
    const button = page.getByRole("button", { name: "Older sessions" });
    await button.click();
    await waitForRow(page, 6);
    await button.press("Enter");
    await waitForRow(page, 1);
    expect(await readIds(page)).toEqual(fromTo(45, 1));
    expect(await button.isVisible()).toBe(false);
    expect(await page.locator(":focus").textContent()).toBe("5");
  });

  test("are found below more ids without a session than a page looks at", async () => {
    await createSessions(3);
    await setCounter(table, 500);
    const page = await open();
    await waitForRow(page, 1);
    expect(await readIds(page)).toEqual([3, 2, 1]);
  });
});

test("more sessions than a page has appear at once, and the older ones stay in reach", async () => {
  await createSessions(2);
  const page = await open();
  await waitForRow(page, 2);
  await setHidden(page, true);
  await createSessions(30);
  await setHidden(page, false);
  await waitForRow(page, 32);
  expect(await readIds(page)).toEqual(fromTo(32, 13));
  await page.getByRole("button", { name: "Older sessions" }).click();
  await waitForRow(page, 1);
  expect(await readIds(page)).toEqual(fromTo(32, 1));
});

test("rows that are shown stay the same elements", async () => {
  await createSessions(1);
  const page = await open();
  const row = await (await waitForRow(page, 1)).elementHandle();
  await createSessions(1);
  await waitForRow(page, 2);
  expect(await row?.isVisible()).toBe(true);
});

describe("names", () => {
  test("of a group that is gone are its id", async () => {
    await createSessions(1);
    await removeItem(table, pk.group(1));
    const page = await open();
    await page.locator("#send:enabled").waitFor();
    expect(await readRow(await waitForRow(page, 1))).toEqual(["1", "Group 1", "Flashcards"]);
  });

  test("of a group that is new come with its first session, for the form too", async () => {
    const page = await open();
    await page.locator("#send:enabled").waitFor();
    await page.getByLabel("Group").selectOption("Core Adjectives");
    const Item = { pk: pk.group(7), id: 7, name: "<b>Kanji</b>", words_count: 1 };
    await putItem(table, Item);
    await createElsewhere(service.url, { group_id: 7, study_activity_id: 1 });
    await page.getByRole("cell", { name: "<b>Kanji</b>" }).waitFor();
    expect(await page.getByLabel("Group").locator("option").allTextContents()).toEqual([
      "Core Verbs",
      "Core Adjectives",
      "<b>Kanji</b>",
    ]);
    expect(await page.getByLabel("Group").inputValue()).toBe("2");
  });

  test("are read once for all looks at the sessions", async () => {
    await createSessions(1);
    const page = await open();
    await waitForRow(page, 1);
    await createSessions(1);
    await waitForRow(page, 2);
    expect(opened.requested.filter((url) => url.endsWith("/local/references"))).toHaveLength(1);
  });
});

test("a hidden page asks for nothing, and looks when it is seen again", async () => {
  opened = await openPage(browser, "about:blank");
  const { page, requested } = opened;
  await page.clock.install();
  await page.goto(service.url);
  await page.locator("#send:enabled").waitFor();
  await setHidden(page, true);
  await createSessions(1);
  const count = requested.length;
  await page.clock.runFor(60_000);
  expect(requested).toHaveLength(count);
  await setHidden(page, false);
  await waitForRow(page, 1);
});

test.each([
  ["light", "rgb(247, 247, 250)", "rgb(31, 31, 41)"],
  ["dark", "rgb(21, 21, 27)", "rgb(236, 236, 242)"],
] as const)("it is %s where the system is", async (colorScheme, background, text) => {
  const page = await open({ colorScheme });
  expect(await readStyle(page, "html", "background-color")).toBe(background);
  expect(await readStyle(page, "h1", "color")).toBe(text);
});

test("it fits on a phone, with the longest names and ids", async () => {
  const name = "Donaudampfschifffahrtsgesellschaftskapitaen".repeat(2);
  const id = Number.MAX_SAFE_INTEGER - 1;
  for (const Item of [
    { pk: pk.group(1), id: 1, name },
    { pk: pk.counter, last_id: id },
    { pk: pk.studySession(id), id, group_id: 1, study_activity_id: 2, created_at: new Date().toISOString() },
  ]) {
    await putItem(table, Item);
  }
  const page = await open(PHONE);
  await page.getByRole("cell", { name }).waitFor();
  await page.getByRole("button", { name: "Start session" }).click();
  await page.locator("#response-body").waitFor();
  expect(await readWidth(page)).toBe(390);
});

test("columns that are full of text keep a distance on a phone", async () => {
  await createSessions(1);
  const page = await open(PHONE);
  await waitForRow(page, 1);
  for (const cell of ["th", "td"]) {
    const [left, right] = [
      await readStyle(page, cell, "padding-left"),
      await readStyle(page, cell, "padding-right"),
    ];
    expect(Number.parseFloat(String(left)) + Number.parseFloat(String(right))).toBeGreaterThanOrEqual(8);
  }
});

test("it asks nobody but the service, and finds nothing wrong", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Start session" }).click();
  await waitForRow(page, 1);
  expect(opened.requested.length).toBeGreaterThan(4);
  expect(findElsewhere(opened.requested, service.url)).toEqual([]);
  expect(opened.problems).toEqual([]);
  await page.getByRole("link", { name: "Try the API" }).click();
  expect(new URL(page.url()).pathname).toBe("/docs");
});
