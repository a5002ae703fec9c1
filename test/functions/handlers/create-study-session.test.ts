import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../../lib/database/engine/embedded-engine.ts";
import {
  addReferenceData,
  connectToEngine,
  createTableIfMissing,
} from "../../../lib/database/local-table.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent } from "../../support/events.ts";
import {
  MISBEHAVIOURS,
  type Misbehaviour,
  startMisbehavingDatabase,
} from "../../support/misbehaving-database.ts";
import { createRequest } from "../../support/requests.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { openTestTable, type TestTable } from "../../support/test-table.ts";

const DATABASE_ERROR = '{"error":"Database error: the study session could not be saved"}';
const BUSY = '{"error":"Service is busy, try again"}';

describe("when the database", () => {
  const expectAnswer = async (misbehaviour: Misbehaviour, status: number, body: string, timeoutMs = 6000) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[misbehaviour]);
    const { handler, client, log } = createService(database.endpoint, "StudySessions");
    const context = createContext(timeoutMs);
    const { statusCode, headers, body: received } = await handler(createEvent(), context);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    client.destroy();
    await database.close();
    expect({ statusCode, body: received }).toEqual({ statusCode: status, body });
    expect(headers).toMatchObject({
      "Content-Type": "application/json",
      "Access-Control-Allow-Origin": "*",
      ...(status === 503 ? { "Retry-After": "1" } : {}),
    });
    expect(log).toMatchObject([{ level: "ERROR", status, cause: expect.stringMatching(/Error|Exception/) }]);
  };

  test.concurrent.each<Misbehaviour>([
    "resets the connection",
    "closes the connection",
    "responds with no JSON",
    "responds with 500",
    "refuses access",
    "has no such table",
  ])("%s, answers 500", (misbehaviour) => expectAnswer(misbehaviour, 500, DATABASE_ERROR));

  test.concurrent.each<Misbehaviour>([
    "hangs",
    "stalls in the middle of a body",
    "throttles the table",
    "throttles the account",
    "throttles",
  ])("%s, answers 503", (misbehaviour) => expectAnswer(misbehaviour, 503, BUSY));

  test("leaves little time, answers 503 before the function's timeout", () =>
    expectAnswer("hangs", 503, BUSY, 700));

  test("can't be reached, answers 500, and 201 once it is back, with nothing lost", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "study-sessions-"));
    const first = await startEmbeddedDatabase({ dataDir });
    const admin = connectToEngine(first.endpoint);
    await createTableIfMissing(admin, "StudySessions");
    await addReferenceData(admin, "StudySessions");
    admin.destroy();
    const { handler, client } = createService(first.endpoint, "StudySessions");
    const send = sendToHandler(handler);

    expect(await send(createRequest())).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":1,/),
    });
    await first.close();
    expect(await send(createRequest())).toMatchObject({ status: 500, body: DATABASE_ERROR });
    const second = await startEmbeddedDatabase({ dataDir, port: Number(new URL(first.endpoint).port) });
    expect(await send(createRequest())).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":2,/),
    });

    client.destroy();
    await second.close();
    await rm(dataDir, { recursive: true });
  });
});

describe("on a table", () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await openTestTable();
  });
  afterAll(() => table.close());

  const run = async (event = createEvent(), allowedOrigins: readonly string[] = ["*"]) => {
    const { handler, client, log } = createService(table.endpoint, table.tableName, { allowedOrigins });
    const answer = await handler(event, createContext(6000));
    client.destroy();
    return { answer, log };
  };

  const ORIGINS = ["https://portal.example", "http://localhost:5173"];

  test.each(ORIGINS)("allows the listed origin %s", async (origin) => {
    const event = createEvent({ headers: { "content-type": "application/json", origin } });
    const { answer } = await run(event, ORIGINS);
    expect(answer).toMatchObject({
      statusCode: 201,
      headers: { "Access-Control-Allow-Origin": origin, Vary: "Origin" },
    });
  });

  test.each([["https://evil.example"], ["constructor"], [undefined]])(
    "allows nobody else: %s",
    async (origin) => {
      const headers = origin === undefined ? {} : { origin };
      const { answer } = await run(createEvent({ headers }), ORIGINS);
      expect(answer).toMatchObject({ statusCode: 415, headers: { Vary: "Origin" } });
      expect(answer.headers).not.toHaveProperty("Access-Control-Allow-Origin");
    },
  );

  test("logs one line for a session", async () => {
    const { answer, log } = await run();
    expect(log).toEqual([
      {
        timestamp: expect.stringMatching(/Z$/),
        level: "INFO",
        requestId: expect.any(String),
        status: 201,
        durationMs: expect.any(Number),
        ...JSON.parse(answer.body ?? ""),
        replayed: false,
      },
    ]);
  });

  test("logs the reason for a rejection, and nothing else that was sent", async () => {
    const secret = "s3cret";
    const { log } = await run(
      createEvent({
        headers: { "content-type": "application/json", authorization: secret, "idempotency-key": secret },
        body: JSON.stringify({ group_id: secret, study_activity_id: 2, [secret]: secret }),
      }),
    );
    expect(log).toMatchObject([{ level: "WARN", status: 400, error: "group_id must be a positive integer" }]);
    expect(JSON.stringify(log)).not.toContain(secret);
  });

  test("answers 500 to an event that no gateway makes, and logs why", async () => {
    const event = Object.assign(createEvent(), { body: { group_id: 1 } });
    const { answer, log } = await run(event);
    expect(answer).toMatchObject({ statusCode: 500, body: '{"error":"Internal server error"}' });
    expect(log).toMatchObject([{ level: "ERROR", status: 500, cause: expect.stringContaining("TypeError") }]);
  });
});
