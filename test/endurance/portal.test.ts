import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ROUTES } from "../../functions/routes.ts";
import { describePortal } from "../portal/describe-portal.ts";
import type { FrontEnd } from "../portal/front-end.ts";
import { type PortalServer, startPortalServer } from "../portal/portal-server.ts";
import { WAYS } from "../portal/shared-service.ts";
import { createFolder } from "../support/create-folder.ts";

const PATH = ROUTES.createStudySession.path;
const REVIEW = { method: "POST", body: { word_id: 1, correct: true } };
const RESET = { method: "POST" };
const GROUP_WITHOUT_SESSIONS = 2;

let folder: string;
let file: string;
let portal: PortalServer;
/** Ends what a test that failed is still waiting for. */
let ending: AbortController;

beforeEach(async () => {
  ending = new AbortController();
  folder = createFolder();
  file = join(folder, "words.db");
  portal = await startPortalServer({ database: file });
});

afterEach(() => ending.abort());

/** Repeats `look` until it finds something. */
const until = async <Found>(look: () => Found | false | Promise<Found | false>) => {
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    await setImmediate(undefined, { signal: ending.signal });
  }
};

/** Runs a statement of SQL over a connection of its own. @returns its first row */
const runSql = (sql: string) => {
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    return database.prepare(sql).get();
  } finally {
    database.close();
  }
};

/** Creates sessions until the service responds with this status. */
const createUntil = ({ create }: FrontEnd, groupId: number, status: number) =>
  until(async () => {
    const response = await create(groupId);
    return response.status === status && response;
  });

const readIds = async () => {
  const { body } = await portal.call("/api/study-sessions?per_page=100");
  return body.items.map(({ id }) => id);
};

/** Waits until the portal finds the session. */
const untilThere = (id: number) => until(async () => (await portal.call(`${PATH}/${id}`)).status === 200);

describePortal("a portal shares its data by way of", () => {
  describe.each(Object.entries(WAYS))("%s", (way, startSharing) => {
    const start = () => startSharing({ dataDir: join(folder, "data"), file });

    test("a session that was created here is reviewed, listed and counted there", async () => {
      const service = await start();
      const { id } = await service.create();
      if (way !== "PORTAL_DB") await untilThere(id);
      expect(await portal.call(`${PATH}/${id}/review`, REVIEW)).toMatchObject({ status: 201 });
      const session = {
        id,
        group_id: 1,
        group_name: "Core Verbs",
        study_activity_id: 1,
        activity_name: "Typing Tutor",
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        review_items_count: 1,
      };
      expect((await portal.call(PATH)).body).toMatchObject({ items: [session, { id: 1 }], total: 2 });
      expect((await portal.call("/api/groups/1/study_sessions")).body.items[0]).toEqual(session);
      expect((await portal.call("/dashboard/recent-session")).body).toEqual(session);
      expect((await portal.call("/dashboard/stats")).body).toEqual({
        total_sessions: 2,
        active_groups: 1,
        reviews: 1,
        correct: 1,
      });
      expect(await service.readAll()).toEqual(portal.readSessions());
    });

    test("groups are added and removed there, and are known here", async () => {
      const service = await start();
      const { body } = await portal.call("/api/groups", { method: "POST", body: { name: "Numbers" } });
      const { id } = await createUntil(service, body.id, 201);
      await untilThere(id);
      expect((await portal.call(`/api/groups/${body.id}/study_sessions`)).body.items).toMatchObject([
        { id, group_name: "Numbers" },
      ]);
      await portal.call(`/api/groups/${GROUP_WITHOUT_SESSIONS}`, { method: "DELETE" });
      await createUntil(service, GROUP_WITHOUT_SESSIONS, 404);
      expect(await service.create()).toMatchObject({ status: 201 });
    });

    test("a history that was reset there stays reset", async () => {
      const service = await start();
      await untilThere((await service.create()).id);
      await portal.call(`${PATH}/reset`, RESET);
      const { id: second } = await service.create();
      await untilThere(second);
      expect(await readIds()).toEqual([second]);
      await service.restart("SIGINT");
      const { id: third } = await service.create();
      await untilThere(third);
      expect(await readIds()).toEqual([third, second]);
    });

    test("sessions that it creates under ids of a history that was reset are listed at the next start", async () => {
      const service = await start();
      const { id } = await service.create();
      await untilThere(id);
      await portal.call(`${PATH}/reset`, RESET);
      runSql(
        `INSERT INTO study_sessions VALUES (1, 2, 1, '2026-11-26 12:00:00'), (${id}, 2, 1, '2026-11-26 12:00:00')`,
      );
      const sessions = [portal.readSessions(), await service.readAll()];
      for (let round = 0; round < 2; round++) {
        await service.restart("SIGINT");
        await service.printed(/^study session 1: the portal has another one with this id \(group 2, /);
        await service.printed(new RegExp(`^study session ${id}: the portal has another one with this id`));
      }
      expect([portal.readSessions(), await service.readAll()]).toEqual(sessions);
    });

    test("a file in WAL mode, which the portal opens for each request, keeps the rows of both", async () => {
      expect(runSql("PRAGMA journal_mode = WAL")).toEqual({ journal_mode: "wal" });
      const service = await start();
      const study = async () => {
        const { id } = await service.create();
        await untilThere(id);
        expect(await portal.call(`${PATH}/${id}/review`, REVIEW)).toMatchObject({ status: 201 });
        return id;
      };
      for (let round = 0; round < 5; round++) await study();
      await portal.call(`${PATH}/reset`, RESET);
      const id = await study();
      await service.restart("SIGINT");
      expect(runSql("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
      expect(await readIds()).toEqual([id]);
      expect((await portal.call("/dashboard/stats")).body.reviews).toBe(1);
    });

    test("creates go on while the portal has locked its file, and the rows follow", async () => {
      const service = await start();
      const lock = new DatabaseSync(file);
      lock.exec("BEGIN EXCLUSIVE");
      const created = [await service.create(), await service.create()];
      lock.exec("COMMIT");
      lock.close();
      expect(created.map(({ status }) => status)).toEqual([201, 201]);
      for (const { id } of created) await untilThere(id);
    });

    test("nothing is lost or doubled when the portal is killed and restarted under load", async () => {
      const service = await start();
      let reviews = 0;
      const study = async () => {
        const { id } = await service.create();
        await untilThere(id);
        const { status } = await portal.call(`${PATH}/${id}/review`, REVIEW);
        if (status === 201) reviews++;
      };
      for (let round = 0; round < 3; round++) {
        const studies = Array.from({ length: 10 }, study);
        await Promise.any(studies);
        await portal.close("SIGKILL");
        await Promise.allSettled(studies);
        expect(await service.create()).toMatchObject({ status: 201 });
        portal = await startPortalServer({ database: file, port: portal.port });
      }
      const sessions = await service.readAll();
      await until(() => portal.readSessions().length >= sessions.length);
      expect(portal.readSessions()).toEqual(sessions);
      expect((await portal.call("/dashboard/stats")).body.reviews).toBeGreaterThanOrEqual(reviews);
    }, 120_000);

    test("nothing is lost or doubled when the sharing process is killed under load", async () => {
      const service = await start();
      const acknowledged: number[] = [];
      for (let round = 0; round < 5; round++) {
        const creates = Array.from({ length: 20 }, async () =>
          acknowledged.push((await service.create()).id),
        );
        await Promise.any(creates);
        await service.restart("SIGKILL");
        await Promise.allSettled(creates);
      }
      const sessions = await service.readAll();
      await until(() => portal.readSessions().length >= sessions.length);
      expect(portal.readSessions()).toEqual(sessions);
      expect(sessions.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    }, 120_000);
  });
});
