import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { pk } from "../../functions/sessions/item-keys.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../support/misbehaving-database.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { removeItem } from "../support/stored-sessions.ts";
import { openTestTable } from "../support/test-table.ts";
import { useTableOfTest } from "../support/use-table.ts";
import { startBrowser } from "./browser.ts";
import { createElsewhere, openPage, startPages } from "./local-pages.ts";

let browser: Browser;
const { table } = useTableOfTest();

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const start = async (database: Parameters<typeof startPages>[0], port?: number) => {
  const service = await startPages(database, port);
  let isRunning = true;
  const close = async () => {
    if (isRunning) await service.close();
    isRunning = false;
  };
  runAtEnd(close);
  return { ...service, close };
};

const open = async (url: string) => {
  const { page } = await openPage(browser, url);
  runAtEnd(() => page.close());
  return page;
};

test("a database that fails shows as the response of the service", async () => {
  const { endpoint, close } = await startMisbehavingDatabase(MISBEHAVIOURS["refuses access"]);
  runAtEnd(close);
  const page = await open((await start({ ...table, endpoint })).url);
  await page
    .getByRole("alert")
    .getByText("The service responds with 500: Database error: the study sessions could not be read.")
    .waitFor();
  expect(await page.getByText("There are no sessions yet.").isVisible()).toBe(false);
  expect(await page.getByRole("button", { name: "Start session" }).isDisabled()).toBe(true);
});

test("a refused session shows why, and can be sent again", async () => {
  const page = await open((await start(table)).url);
  await page.locator("#send:enabled").waitFor();
  await removeItem(table, pk.group(1));
  await page.getByRole("button", { name: "Start session" }).click();
  await page.getByRole("status").getByText("404 Not Found Group not found").waitFor();
  expect(JSON.parse((await page.locator("#response-body").textContent()) ?? "")).toEqual({
    error: "Group not found",
  });
  expect(await page.locator("#response-status").getAttribute("class")).toBe("bad");
  expect(await page.getByRole("button", { name: "Send again" }).isVisible()).toBe(true);
});

test("a stopped service shows, and the page goes on by itself when it is started again", async () => {
  const service = await start(table);
  await createElsewhere(service.url);
  const page = await open(service.url);
  await page.getByRole("link", { name: "1", exact: true }).waitFor();
  await service.close();
  const banner = page.getByRole("alert").getByText("The service does not respond. Start it with npm start.");
  await banner.waitFor();
  await page.getByRole("link", { name: "1", exact: true }).waitFor();

  await page.getByRole("button", { name: "Start session" }).click();
  await page.getByRole("status").getByText("No response").waitFor();
  await start(table, service.port);
  await banner.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("status").getByText("was created.").waitFor();
  await page.getByRole("link", { name: "2", exact: true }).waitFor();
});

test("a service that was started with another table shows that table", async () => {
  const service = await start(table);
  await createElsewhere(service.url);
  await createElsewhere(service.url);
  const page = await open(service.url);
  await page.getByRole("link", { name: "2", exact: true }).waitFor();
  await service.close();
  const other = await openTestTable();
  runAtEnd(other.close);
  const { url } = await start(other, service.port);
  await createElsewhere(url, { group_id: 2, study_activity_id: 1 });
  await page.getByRole("cell", { name: "Core Adjectives" }).waitFor();
  expect(await page.locator("tbody td:first-child").allTextContents()).toEqual(["1"]);
});
