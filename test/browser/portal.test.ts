import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { describePortal } from "../portal/describe-portal.ts";
import { type PortalServer, startPortalServer } from "../portal/portal-server.ts";
import { WAYS } from "../portal/shared-service.ts";
import { createFolder } from "../support/create-folder.ts";
import { applyDiff, findExamples } from "../support/documentation.ts";
import { startBrowser } from "./browser.ts";
import { openPage } from "./local-pages.ts";

describePortal("beside a portal", () => {
  let folder: string;
  let browser: Browser;
  let portal: PortalServer;
  let url: string;

  beforeAll(async () => {
    folder = createFolder();
    const file = join(folder, "words.db");
    [browser, portal] = await Promise.all([startBrowser(), startPortalServer({ database: file })]);
    ({ url } = await WAYS.PORTAL_DB({ dataDir: join(folder, "data"), file }));
  });

  afterAll(() => browser.close());

  test("a page of the portal creates a session here, and reviews it there", async () => {
    const [diff = ""] = findExamples("docs/moving-over.md", "Change one call", "diff");
    const { page, problems } = await openPage(browser, portal.url);
    const program = `(async () => {
      const createStudySession = async (groupId, studyActivityId) => {
        ${applyDiff(diff).replace("http://localhost:5002", url)}
      };
      const { session_id } = await createStudySession(1, 1);
      const review = await fetch("/api/study-sessions/" + session_id + "/review", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ word_id: 1, correct: true }),
      });
      const { session } = await (await fetch("/api/study-sessions/" + session_id)).json();
      return { status: review.status, session };
    })()`;
    expect(await page.evaluate(program)).toMatchObject({
      status: 201,
      session: { group_name: "Core Verbs", activity_name: "Typing Tutor", review_items_count: 1 },
    });
    expect(problems).toEqual([]);
  });

  test("the page of the service has the portal's groups and study activities", async () => {
    const { page } = await openPage(browser, url);
    for (const name of ["Core Adjectives", "Typing Tutor"]) {
      await page.getByText(name).first().waitFor({ state: "attached" });
    }
    expect(await page.getByText("Flashcards").count()).toBe(0);
  });
});
