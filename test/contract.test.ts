import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { ROUTES } from "../functions/routes.ts";
import { matchRoute } from "../lib/local/route-match.ts";
import { ACCEPTED, NOT_UTF8, REJECTED } from "./support/contract.ts";
import type { Rejection } from "./support/rejection.ts";
import { createRequest } from "./support/requests.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { type Request, type Send, sendOverHttp, sendToHandler } from "./support/send.ts";
import { METHODS } from "./support/served-operations.ts";
import { createServiceOf } from "./support/service.ts";
import { startTestGateway } from "./support/test-gateway.ts";
import { openOwnEngine, openTestTable } from "./support/test-table.ts";

const { BASE_URL } = process.env;
const ORIGIN = "https://portal.example";
const PATH = "/api/study-sessions";

/**
 * Lambda takes at most 6 MB: what is larger never gets through a deployed gateway. And AWS does not document what the
 * gateway does with a body that is not UTF-8.
 */
const reachesFunction = ({ request }: Rejection) =>
  request !== NOT_UTF8 && Buffer.byteLength(request.body ?? "") <= 6_000_000;

const rejected = REJECTED.filter((rejection) => !BASE_URL || reachesFunction(rejection));

interface Page {
  readonly study_sessions: readonly { readonly id: number }[];
  readonly next: string | null;
}

const senders = new Map<string, Send>();

const startHere = async () => {
  const engine = await openOwnEngine();
  runAtEnd(engine.close);
  const table = await openTestTable(engine);
  runAtEnd(table.close);
  const { handler, client } = createServiceOf(table);
  runAtEnd(() => client.destroy());
  const gateway = await startTestGateway(handler);
  runAtEnd(gateway.close);
  senders.set("the handler", sendToHandler(handler));
  senders.set("the local server", sendOverHttp(gateway.url));
};

beforeAll(async () => {
  if (BASE_URL) senders.set(BASE_URL, sendOverHttp(BASE_URL));
  else await startHere();
});

describe.each(BASE_URL ? [BASE_URL] : ["the handler", "the local server"])("%s", (name) => {
  const send: Send = async (request) => {
    const sendTo = senders.get(name);
    if (!sendTo) throw new Error(`${name} was not started`);
    return sendTo({ ...request, headers: { origin: ORIGIN, ...request.headers } });
  };

  const create = async (request: Request) => {
    const response = await send(request);
    expect(response).toMatchObject({ status: 201, headers: { "content-type": "application/json" } });
    return { ...response, session: JSON.parse(response.body) };
  };

  const read = (path: string) => send({ method: "GET", path, headers: {} });

  const list = async (path: string) => {
    const { status, body } = await read(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    const page: Page = JSON.parse(body);
    expect(body).toBe(JSON.stringify({ study_sessions: page.study_sessions, next: page.next }));
    return page;
  };

  test.each(rejected)("responds with $status to $name", async ({ request, status, error }) => {
    const response = await send(request);
    const { status: received, body } = response;
    expect({ status: received, body }).toEqual({ status, body: JSON.stringify({ error }) });
    expect(response.headers).toMatchObject({
      "content-type": "application/json",
      "access-control-allow-origin": "*",
    });
  });

  test("refuses a body that is not UTF-8", async () => {
    expect(String((await send(NOT_UTF8)).status)).toMatch(/^4\d\d$/);
  });

  test.each(Object.entries(ACCEPTED))("creates a session from %s", async (_, { request, members }) => {
    const { headers, body, session } = await create(request);
    const { id, created_at } = session;
    expect(body).toBe(JSON.stringify({ id, ...members, created_at }));
    expect(Number.isInteger(id) && id > 0).toBe(true);
    expect(created_at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(Math.abs(Date.now() - Date.parse(created_at))).toBeLessThan(60_000);
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers).not.toHaveProperty("idempotent-replayed");
  });

  test("makes two sessions of two equal requests without a key", async () => {
    const [first, second] = [await create(createRequest()), await create(createRequest())];
    expect(second.session.id).toBeGreaterThan(first.session.id);
  });

  test("replays the response to a key, bare or in quotes", async () => {
    const key = randomUUID();
    const first = await create(createRequest(key));
    const second = await create(createRequest(`"${key}"`));
    expect(first.headers).not.toHaveProperty("idempotent-replayed");
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect(second.body).toBe(first.body);
  });

  test("takes keys of 1 and of 255 characters, quotes inside included", async () => {
    for (const key of ["!", `"${"k".repeat(255)}"`, `a"b-${randomUUID()}`, '"']) {
      await create(createRequest(key));
    }
  });

  test("refuses a key with other ids, even unknown ones", async () => {
    const request = createRequest(randomUUID());
    await create(request);
    for (const study_activity_id of [1, Number.MAX_SAFE_INTEGER]) {
      const body = JSON.stringify({ group_id: 1, study_activity_id });
      expect(await send({ ...request, body })).toMatchObject({
        status: 422,
        body: '{"error":"Idempotency-Key was already used with a different request"}',
      });
    }
  });

  test("does not remember a rejected request", async () => {
    const request = createRequest(randomUUID());
    const unknown = JSON.stringify({ group_id: Number.MAX_SAFE_INTEGER, study_activity_id: 2 });
    expect(await send({ ...request, body: unknown })).toMatchObject({ status: 404 });
    const { headers } = await create(request);
    expect(headers).not.toHaveProperty("idempotent-replayed");
  });

  test("reads the session that Location leads to as it was created", async () => {
    const created = await create(createRequest());
    expect(created.headers.location).toBe(`${PATH}/${created.session.id}`);
    const { status, headers, body } = await read(created.headers.location ?? "");
    expect({ status, body }).toEqual({ status: 200, body: created.body });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "access-control-allow-origin": "*",
    });
    expect(headers).not.toHaveProperty("location");
  });

  test("names the place of the same session in a replay", async () => {
    const request = createRequest(randomUUID());
    const { headers } = await create(request);
    expect((await create(request)).headers.location).toBe(headers.location);
  });

  test("reads an id in percent-encoding, and cares for no query and no body", async () => {
    const { session, body } = await create(createRequest());
    const encoded = [...String(session.id)].map((digit) => `%3${digit}`).join("");
    for (const path of [`${PATH}/${encoded}`, `${PATH}/${session.id}?a=1`]) {
      expect(await read(path)).toMatchObject({ status: 200, body });
    }
    const request = { method: "GET", path: `${PATH}/${session.id}`, headers: {}, body: "{" };
    expect(await send(request)).toMatchObject({ status: 200, body });
  });

  test("lists a session as soon as it was created, and where the next page begins", async () => {
    await create(createRequest());
    const { session, body } = await create(createRequest());
    const response = await read(`${PATH}?limit=1&before=${session.id + 1}`);
    const next = `${PATH}?limit=1&before=${session.id}`;
    expect(response).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
      body: `{"study_sessions":[${body}],"next":"${next}"}`,
    });
    expect((await read(`${PATH}?before=${session.id + 1}&limit=%31`)).body).toBe(response.body);
  });

  test("lists 20 sessions at most unless it is asked for another limit", async () => {
    expect((await list(PATH)).study_sessions.length).toBeLessThanOrEqual(20);
    for (const limit of [1, 100]) {
      const { study_sessions } = await list(`${PATH}?limit=${limit}&before=${Number.MAX_SAFE_INTEGER}`);
      expect(study_sessions.length).toBeLessThanOrEqual(limit);
    }
    const { session } = await create(createRequest());
    const { next } = await list(`${PATH}?before=${session.id + 1}`);
    expect(next ?? `${PATH}?limit=20&before=1`).toMatch(/^\/api\/study-sessions\?limit=20&before=\d+$/);
  });

  test("leads from page to page, newest first, to the oldest session", async () => {
    for (let turn = 1; turn <= 7; turn++) await create(createRequest());
    const ids: number[] = [];
    let next: string | null = `${PATH}?limit=2&before=8`;
    for (let pages = 1; next; pages++) {
      expect(pages).toBeLessThanOrEqual(7);
      const page = await list(next);
      for (const session of page.study_sessions) {
        expect(await read(`${PATH}/${session.id}`)).toMatchObject({ body: JSON.stringify(session) });
        ids.push(session.id);
      }
      next = page.next;
    }
    expect(ids.every((id) => id < 8)).toBe(true);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a));
  });

  test("lists nothing below the first id", async () => {
    expect(await read(`${PATH}?before=1`)).toMatchObject({
      status: 200,
      body: '{"study_sessions":[],"next":null}',
    });
  });

  test.each(Object.values(ROUTES).map(({ method, path }) => [method, path.replace("{id}", "1")] as const))(
    "responds to the preflight of %s %s",
    async (method, path) => {
      const { status, headers, body } = await send({
        method: "OPTIONS",
        path,
        headers: {
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type,idempotency-key",
        },
      });
      expect({ status, body }).toEqual({ status: 204, body: "" });
      expect(headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": METHODS.join(),
        "access-control-allow-headers": "authorization,content-type,idempotency-key",
        "access-control-expose-headers": "idempotent-replayed,location,retry-after",
        "access-control-max-age": "7200",
      });
    },
  );

  if (name === "the handler") return;
  const ROUTELESS = [
    ["GET", "/api/study-sessions/"],
    ["GET", "/api/study-sessions/1/"],
    ["GET", "/api/study-sessions/1%2F2"],
    ["GET", "/api/study-sessions.json"],
    ["PUT", "/api/study-sessions"],
    ["DELETE", "/api/study-sessions/1"],
    ["POST", "/api/study-sessions/1"],
    ["POST", "/api/study-sessions/"],
    ["POST", "/study_sessions"],
    ["GET", "//"],
  ] as const;
  // A method becomes a route when somebody adds one.
  test.each(ROUTELESS.filter(([method, path]) => !matchRoute(method, path)))(
    "responds with 404 to %s %s",
    async (method, path) => {
      expect(await send({ method, path, headers: {} })).toMatchObject({
        status: 404,
        headers: { "content-type": "application/json" },
        body: '{"message":"Not Found"}',
      });
    },
  );
});
