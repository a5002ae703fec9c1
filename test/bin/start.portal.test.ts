import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { openTestPortal } from "../support/portal.ts";
import { createPortalFile } from "../support/portal-file.ts";
import { createRequest } from "../support/requests.ts";
import { runHere } from "../support/run-here.ts";
import { type HttpResponse, type Send, sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";

/** Creates a portal's file, which the portal's own server has open, and a folder for the service. */
const createPlace = () => {
  const folder = createFolder();
  const file = createPortalFile({
    file: join(folder, "words.db"),
    sessions: [[40, 1, 2, "2025-02-20 12:00:00"]],
  });
  const variables = { DATA_DIR: join(folder, "data"), PORTAL_DB: file, PORT: "0" };
  return { folder, file, variables, server: openTestPortal(file) };
};

const startSending = async (variables: Readonly<Record<string, string>>) => {
  const service = startServiceProcess(variables);
  return { ...service, send: sendOverHttp(await service.listening) };
};

const withGroup = (group_id: number, key?: string) => ({
  ...createRequest(key),
  body: JSON.stringify({ ...VALID, group_id }),
});

const get = (path: string) => ({ method: "GET", path, headers: {} });

const idOf = ({ body }: HttpResponse): number => JSON.parse(body).id;

describe("a service", () => {
  const { file, variables, server } = createPlace();
  let service: Awaited<ReturnType<typeof startSending>>;
  let send: Send;

  beforeAll(async () => {
    service = await startSending(variables);
    send = service.send;
  });

  test("shares the portal's data, and says so", async () => {
    expect(await send(get("/api/study-sessions/40"))).toMatchObject({ status: 200 });
    expect(JSON.parse((await send(get("/local/references"))).body)).toEqual({
      groups: [
        { id: 1, name: "Core Verbs" },
        { id: 7, name: "Kanji" },
      ],
      study_activities: [{ id: 2, name: "Flashcards" }],
    });
    const printed = service.output.join("\n").replaceAll(file, "words.db");
    expect(printed).toMatch(/^words\.db is shared for the first time\. Keep a backup: .+ are added to it$/m);
    expect(printed).toContain("StudySessions: 1 study session added, 2 groups added, 1 study activity added");
    expect(printed).toContain(
      "Shared with words.db: its groups and study activities are those of the service",
    );
  });

  test("has each created session in the portal's table when it responds", async () => {
    for (let count = 1; count <= 3; count++) {
      const id = idOf(await send(createRequest()));
      expect(id).toBeGreaterThan(40);
      expect(server.sessionIds().at(-1)).toBe(id);
    }
    const many = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const id = idOf(await send(createRequest()));
        return server.sessionIds().includes(id);
      }),
    );
    expect(many).toEqual(many.map(() => true));
  });

  test("follows the portal's groups", async () => {
    expect(await send(withGroup(8))).toMatchObject({ status: 404 });
    server.run("INSERT INTO groups VALUES (8, 'Numbers', 9)");
    await service.printed(/^StudySessions: 1 group added$/);
    expect(await send(withGroup(8))).toMatchObject({ status: 201 });
    server.run("DELETE FROM groups WHERE id = 8");
    await service.printed(/^StudySessions: 1 group removed$/);
    expect(await send(withGroup(8))).toMatchObject({ status: 404 });
  });

  test("creates sessions and serves others while the portal has locked its file, and brings the rows later", async () => {
    server.run("BEGIN EXCLUSIVE");
    let isCreated = false;
    const creation = send(createRequest()).then((response) => {
      isCreated = true;
      return response;
    });
    // Reads are served while the create waits for the file.
    for (let count = 1; count <= 3; count++) {
      expect(await send(get("/api/study-sessions/40"))).toMatchObject({ status: 200 });
    }
    expect(isCreated).toBe(false);
    const id = idOf(await creation);
    await service.printed(
      new RegExp(`^study session ${id} is not in .*db yet: .*words\\.db is locked by another program$`),
    );
    const before = service.output.length;
    server.run("COMMIT");
    await service.printed(/words\.db: 1 study session added$/, before);
    expect(server.sessionIds()).toContain(id);
  });

  test("creates a session that the portal refuses, and says why", async () => {
    server.run(
      "CREATE TRIGGER closed BEFORE INSERT ON study_sessions BEGIN SELECT RAISE(ABORT, 'closed'); END",
    );
    const id = idOf(await send(createRequest()));
    await service.printed(new RegExp(`^study session ${id} is not in the portal: closed$`));
    const before = service.output.length;
    server.run("DROP TRIGGER closed");
    await service.printed(/words\.db: 1 study session added$/, before);
    expect(server.sessionIds()).toContain(id);
  });

  test("is not started twice in one folder: the second process ends", async () => {
    expect(await startServiceProcess(variables).exited).toMatchObject({ code: 1 });
  });
});

test("brings the rows after it was killed, but not what the portal has deleted meanwhile", async () => {
  const { variables, server } = createPlace();
  server.run("DELETE FROM groups WHERE id = 1");
  const TMPDIR = createFolder();
  const first = await startSending({ ...variables, TMPDIR });
  // The example has ids that the portal has.
  expect(await first.printed(/ -d /)).toBe(`       -d '{"group_id": 7, "study_activity_id": 2}'`);
  const request = withGroup(7, "key");
  const id = idOf(await first.send(request));
  first.kill("SIGINT");
  await first.exited;
  // The portal's old sessions were read in a copy.
  expect(readdirSync(TMPDIR)).toEqual([]);
  server.run("DELETE FROM study_sessions");

  const second = await startSending(variables);
  expect(second.output).not.toContainEqual(expect.stringContaining("for the first time"));
  expect((await second.send(request)).headers["idempotent-replayed"]).toBe("true");
  const next = idOf(await second.send(withGroup(7)));
  expect(next).toBeGreaterThan(id);
  expect(server.sessionIds()).toEqual([next]);
  server.run("BEGIN IMMEDIATE");
  const late = idOf(await second.send(withGroup(7)));
  second.kill("SIGKILL");
  await second.exited;
  server.run("COMMIT");

  const third = startServiceProcess(variables);
  await third.printed(/words\.db: 1 study session added$/);
  expect(server.sessionIds()).toEqual([next, late]);
});

describe("can't start", () => {
  const { folder, variables, server } = createPlace();

  test.each([
    ["without the file", join(folder, "none.db"), 1, /none\.db can't be used: there is no such file\n$/],
    ["with a folder", folder, 1, /can't be used: it is not a file\n$/],
    ["with an empty name", "", 2, /^PORTAL_DB is empty\. Expected the portal's SQLite file\n$/],
  ])("%s", async (_, PORTAL_DB, code, message) => {
    const { stderr, ...ended } = await runHere("bin/start.ts", { ...variables, PORTAL_DB });
    expect(ended).toEqual({ code, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  test("without the portal's table", async () => {
    server.run("DROP TABLE study_sessions");
    const { code, stderr } = await runHere("bin/start.ts", variables);
    expect(code).toBe(1);
    expect(stderr).toMatch(/words\.db can't be used: There is no table study_sessions\n/);
    expect(stderr).toMatch(
      /\nPORTAL_DB takes no --map: use npm start without it, and npm run sync -- <file> /,
    );
  });
});
