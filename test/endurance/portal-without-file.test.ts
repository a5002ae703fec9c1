import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { describePortal } from "../portal/describe-portal.ts";
import { type PortalServer, startPortalServer } from "../portal/portal-server.ts";
import { createFolder } from "../support/create-folder.ts";
import { findExamples } from "../support/documentation.ts";
import { createRequest } from "../support/requests.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { useTableOfTest } from "../support/use-table.ts";

const SERVICE_URL = "http://localhost:5002";
const REVIEW = { method: "POST", body: { word_id: 1, correct: true } };

describePortal("a portal in Flask with the documented lines", () => {
  const { startService } = useTableOfTest();
  let service: ReturnType<typeof startService>;
  let gateway: Awaited<ReturnType<typeof startTestGateway>>;
  let portal: PortalServer;

  beforeEach(async () => {
    service = startService();
    gateway = await startTestGateway(service.handler);
    runAtEnd(gateway.close);
    const [lines = ""] = findExamples(
      "docs/moving-over.md",
      "A portal's server that can't share its file",
      "python",
    );
    expect(lines).toContain(SERVICE_URL);
    const here = lines.replaceAll(SERVICE_URL, gateway.url);
    portal = await startPortalServer({ database: join(createFolder(), "words.db"), lines: here });
  });

  /** Creates sessions as the service does, and returns the last one. The portal has the first id itself. */
  const createSessions = async () => {
    const { send } = service;
    const body = JSON.stringify({ group_id: 1, study_activity_id: 1 });
    await send({ ...createRequest(), body });
    const created = await send({ ...createRequest(), body });
    service.log.length = 0;
    return JSON.parse(created.body);
  };

  test("takes a review of a session that only the service has", async () => {
    const { id, created_at } = await createSessions();
    const path = `/api/study-sessions/${id}`;
    expect(await portal.call(`${path}/review`, REVIEW)).toMatchObject({ status: 201 });
    expect((await portal.call(path)).body).toEqual({
      session: {
        id,
        group_id: 1,
        group_name: "Core Verbs",
        study_activity_id: 1,
        activity_name: "Typing Tutor",
        created_at: created_at.slice(0, 19).replace("T", " "),
        review_items_count: 1,
      },
    });
    expect((await portal.call("/dashboard/recent-session")).body).toMatchObject({ id });
    expect(service.log).toHaveLength(1);
  });

  test("asks nobody for a session that it has", async () => {
    await createSessions();
    expect((await portal.call("/api/study-sessions/1")).body).toMatchObject({
      session: { id: 1, created_at: "2025-02-20 12:00:00" },
    });
    expect((await portal.call("/api/study-sessions")).body).toMatchObject({ total: 1 });
    expect(service.log).toEqual([]);
  });

  test("responds with 404 when nobody has the session, and with 500 when it can't ask", async () => {
    expect(await portal.call("/api/study-sessions/7")).toMatchObject({ status: 404 });
    expect(await portal.call("/api/study-sessions/07")).toMatchObject({ status: 404 });
    await gateway.close();
    expect(await portal.call("/api/study-sessions/7")).toMatchObject({ status: 500 });
    expect(await portal.call("/api/study-sessions/1")).toMatchObject({ status: 200 });
  });

  test("fetches one row for many reviews at a time", async () => {
    const { id } = await createSessions();
    const reviews = Array.from({ length: 10 }, () => portal.call(`/api/study-sessions/${id}/review`, REVIEW));
    expect((await Promise.all(reviews)).map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect((await portal.call("/dashboard/stats")).body).toMatchObject({ total_sessions: 2, reviews: 10 });
  });
});
