import type { AddressInfo, Server } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, expect, test } from "@jest/globals";
import express from "express";
import { applyDiff, findExamples } from "./support/documentation.ts";
import { createRequest } from "./support/requests.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { useTable } from "./support/use-table.ts";

const PAGE = "docs/moving-over.md";
const SERVICE_URL = "http://localhost:5002";
const PORTAL_URL = "http://localhost:5000";

const { startService } = useTable();
let service: ReturnType<typeof startService>;
let gateway: TestGateway;

beforeEach(async () => {
  service = startService();
  gateway = await startTestGateway(service.handler);
  runAtEnd(gateway.close);
});

/** Returns the documented example with the address of this service. */
const here = (example = "") => {
  expect(example).toContain(SERVICE_URL);
  return example.replaceAll(SERVICE_URL, gateway.url);
};

/** Runs lines of the portal's front end, as the body of a function. */
const runLines = (lines: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> =>
  new Function(...Object.keys(variables), `return (async () => { ${lines} })()`)(...Object.values(variables));

const CHANGES = findExamples(PAGE, "Change one call", "diff");

test("the portal's front end creates a session after the change", async () => {
  const created = await runLines(applyDiff(here(CHANGES[0])), { groupId: 1, studyActivityId: 2 });
  expect(created).toEqual({ session_id: expect.any(Number) });
  expect(service.log.at(-1)).toMatchObject({ status: 201, id: Object(created).session_id });
});

test("a portal's front end that launches an activity creates a session after the change", async () => {
  const lines = `${applyDiff(here(CHANGES[1]))}; return session_id;`;
  const created = await runLines(lines, { groupId: "1", activityId: "2" });
  expect(created).toEqual(expect.any(Number));
  expect(service.log.at(-1)).toMatchObject({ status: 201, id: created });
});

test("what the changed calls leave behind is ignored", async () => {
  const request = {
    ...createRequest(),
    body: '{"group_id":1,"study_activity_id":2,"created_at":"2025-02-20"}',
  };
  expect(await service.send(request)).toMatchObject({ status: 201 });
});

/** Vite takes the first rule that matches, in the order of the keys: its `server/middlewares/proxy.ts`. */
const findTarget = (proxy: Readonly<Record<string, string | { readonly target: string }>>, url: string) => {
  const [, rule] =
    Object.entries(proxy).find(([context]) =>
      context.startsWith("^") ? new RegExp(context).test(url) : url.startsWith(context),
    ) ?? [];
  return typeof rule === "string" ? rule : rule?.target;
};

test.each([
  ["/api/study-sessions", SERVICE_URL],
  ["/api/study-sessions?limit=10&before=4", SERVICE_URL],
  ["/api/study-sessions/4", SERVICE_URL],
  ["/api/study-sessions/4?x=1", SERVICE_URL],
  ["/api/study-sessions/4/review", PORTAL_URL],
  ["/api/study-sessions/4/words?page=2", PORTAL_URL],
  ["/api/study-sessions/reset", PORTAL_URL],
  ["/api/study-sessions-of-a-week", PORTAL_URL],
  ["/api/groups/1/study_sessions", PORTAL_URL],
  ["/study-sessions", undefined],
])("Vite's proxy sends %s to %s", (url, target) => {
  const [diff = ""] = findExamples(PAGE, "Read here instead", "diff");
  const { server } = new Function(`return { ${applyDiff(diff)} }`)();
  expect(findTarget(server.proxy, url)).toBe(target);
});

/** Starts a portal with the documented lines, and a route that looks the session up in its own table. */
const startExpress = async () => {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE TABLE study_sessions (
    id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER, created_at DATETIME)`);
  const app = express();
  const [example] = findExamples(PAGE, "A portal's server that can't share its file", "js");
  new Function("app", "db", here(example))(app, db);
  app.post(["/study_sessions/:id/review", "/api/study-sessions/:id/review"], ({ params }, response) => {
    const row = db.prepare("SELECT * FROM study_sessions WHERE id = ?").get(Number(params.id));
    response.status(row ? 201 : 404).json(row ?? {});
  });
  app.use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
    response.status(500).end();
  });
  const server: Server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    review: async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}/review`, { method: "POST" });
      return { status: response.status, body: response.status === 500 ? {} : await response.json() };
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};

test("a portal's server in Express fetches the sessions that it lacks", async () => {
  const { body } = await service.send(createRequest());
  const { id, created_at } = JSON.parse(body);
  const row = {
    id,
    group_id: 1,
    study_activity_id: 2,
    created_at: created_at.slice(0, 19).replace("T", " "),
  };
  const portal = await startExpress();
  service.log.length = 0;
  try {
    for (const path of [`/study_sessions/${id}`, `/api/study-sessions/${id}`]) {
      expect(await portal.review(path)).toEqual({ status: 201, body: row });
    }
    expect(service.log).toHaveLength(1);
    expect(await portal.review(`/study_sessions/${id + 1}`)).toEqual({ status: 404, body: {} });
    await gateway.close();
    expect(await portal.review(`/study_sessions/${id}`)).toEqual({ status: 201, body: row });
    expect(await portal.review(`/study_sessions/${id + 1}`)).toEqual({ status: 500, body: {} });
  } finally {
    await portal.close();
  }
});
