import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { openTestPortal, type TestPortal } from "../support/portal.ts";
import { createPortalFile } from "../support/portal-file.ts";
import { createRequest } from "../support/requests.ts";
import { type Send, sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";

let folder: string;
let file: string;
/** The portal's own server. */
let server: TestPortal;

beforeEach(() => {
  folder = createFolder();
  file = createPortalFile({ file: join(folder, "words.db"), sessions: [[40, 1, 2, "2025-02-20 12:00:00"]] });
  server = openTestPortal(file);
});

const start = (portalFile = file) =>
  startServiceProcess({ DATA_DIR: join(folder, "data"), PORTAL_DB: portalFile });

const startSending = async () => {
  const service = start();
  return { ...service, send: sendOverHttp(await service.listening) };
};

const withMembers = (members: Partial<typeof VALID> | Record<string, number>, key?: string) => ({
  ...createRequest(key),
  body: JSON.stringify({ ...VALID, ...members }),
});

const get = (path: string) => ({ method: "GET", path, headers: {} });

const idOf = ({ body }: { readonly body: string }): number => JSON.parse(body).id;

/** Repeats a request until it gets this status. */
const sendUntil = async (send: Send, request: Parameters<Send>[0], status: number) => {
  for (;;) {
    const response = await send(request);
    if (response.status === status) return response;
  }
};

test("shares the portal's data, and says so", async () => {
  const { send, output } = await startSending();
  expect(await send(get("/api/study-sessions"))).toMatchObject({ body: expect.stringContaining('"id":40') });
  expect(JSON.parse((await send(get("/local/references"))).body)).toEqual({
    groups: [
      { id: 1, name: "Core Verbs" },
      { id: 7, name: "Kanji" },
    ],
    study_activities: [{ id: 2, name: "Flashcards" }],
  });
  const printed = output.join("\n").replaceAll(file, "words.db");
  expect(printed).toMatch(/^words\.db is shared for the first time\. Keep a backup: .+ are added to it$/m);
  expect(printed).toContain("StudySessions: 1 study session added, 2 groups added, 1 study activity added");
  expect(printed).toContain("Shared with words.db: its groups and study activities are those of the service");
});

test("shows a request with ids that the portal has", async () => {
  server.run("DELETE FROM groups WHERE id = 1");
  const { printed } = start();
  expect(await printed(/ -d /)).toBe(`       -d '{"group_id": 7, "study_activity_id": 2}'`);
});

test("has each created session in the portal's table when it responds", async () => {
  const { send } = await startSending();
  for (const id of [41, 42, 43]) {
    expect(await send(createRequest())).toMatchObject({ status: 201 });
    expect(server.sessionIds().at(-1)).toBe(id);
  }
  const many = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const id = idOf(await send(createRequest()));
      return server.sessionIds().includes(id);
    }),
  );
  expect(many).toEqual(many.map(() => true));
});

test("follows the portal's groups", async () => {
  const { send } = await startSending();
  const request = withMembers({ group_id: 8 });
  expect(await send(request)).toMatchObject({ status: 404 });
  server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
  await sendUntil(send, request, 201);
  server.run("DELETE FROM groups WHERE id = 8");
  await sendUntil(send, request, 404);
  server.run("DELETE FROM groups");
  expect(await send(createRequest())).toMatchObject({ status: 201 });
});

test("does not bring back what the portal deletes", async () => {
  const first = await startSending();
  const request = createRequest("key");
  await first.send(request);
  first.kill("SIGINT");
  await first.exited;
  server.run("DELETE FROM study_sessions");
  const { send } = await startSending();
  expect((await send(request)).headers["idempotent-replayed"]).toBe("true");
  expect(idOf(await send(createRequest()))).toBeGreaterThan(41);
  expect(server.sessionIds()).toHaveLength(1);
});

describe("while the portal has locked its file", () => {
  test("creates sessions, serves others, and brings the rows later", async () => {
    const { send, printed } = await startSending();
    server.run("BEGIN EXCLUSIVE");
    let isCreated = false;
    const creation = send(createRequest()).then((response) => {
      isCreated = true;
      return response;
    });
    // Reads are served while the create waits for the file.
    let servedMeanwhile = 0;
    while (!isCreated) {
      await send(get("/api/study-sessions/40"));
      servedMeanwhile++;
    }
    expect(servedMeanwhile).toBeGreaterThan(2);
    const id = idOf(await creation);
    await printed(
      new RegExp(
        `^study session ${id} is not in .*words\\.db yet: .*words\\.db is locked by another program$`,
      ),
    );
    server.run("COMMIT");
    await printed(/words\.db: 1 study session added$/);
    expect(server.sessionIds()).toContain(id);
  });

  test("and is killed then, brings the rows after the next start", async () => {
    const first = await startSending();
    server.run("BEGIN IMMEDIATE");
    const id = idOf(await first.send(createRequest()));
    first.kill("SIGKILL");
    await first.exited;
    server.run("COMMIT");
    const { printed } = await startSending();
    await printed(/words\.db: 1 study session added$/);
    expect(server.sessionIds()).toEqual([40, id]);
  });
});

test("creates a session that the portal refuses, and says why", async () => {
  server.run(
    "CREATE TRIGGER closed BEFORE INSERT ON study_sessions BEGIN SELECT RAISE(ABORT, 'closed'); END",
  );
  const { send, printed } = await startSending();
  expect(await send(createRequest())).toMatchObject({ status: 201 });
  await printed(/^study session 41 is not in the portal: closed$/);
  server.run("DROP TRIGGER closed");
  await printed(/words\.db: 1 study session added$/);
});

describe("can't start", () => {
  test.each([
    ["without the file", () => join(folder, "none.db"), 1, /none\.db can't be used: there is no such file$/],
    ["with a folder", () => folder, 1, /can't be used: it is not a file$/],
    ["with an empty name", () => "", 2, /^PORTAL_DB is empty\. Expected the portal's SQLite file$/],
  ])("%s", async (_, getFile, code, message) => {
    const ended = await start(getFile()).exited;
    expect(ended.code).toBe(code);
    expect(ended.output).toMatch(message);
    expect(ended.output.split("\n")).toHaveLength(1);
  });

  test("twice in one folder, and ends", async () => {
    await start().listening;
    expect(await start().exited).toMatchObject({ code: 1 });
  });

  test("without the portal's table", async () => {
    server.run("DROP TABLE study_sessions");
    const { code, output } = await start().exited;
    expect(code).toBe(1);
    expect(output).toMatch(/words\.db can't be used: There is no table study_sessions\n/);
    expect(output).toMatch(
      /\nPORTAL_DB takes no --map: use npm start without it, and npm run sync -- <file> /,
    );
  });
});
