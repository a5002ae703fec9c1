import { afterEach, expect, jest, test } from "@jest/globals";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createRouteEvent } from "../support/events.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { findServedOperations, operationsOf } from "../support/served-operations.ts";
import { sessionWithId, setCounter, storeSessions } from "../support/stored-sessions.ts";
import { useTable } from "../support/use-table.ts";
import { disableWarmUpTimeout } from "../support/warm-up-timeout.ts";

const { table } = useTable();
const inherited = process.env;

afterEach(() => {
  process.env = inherited;
});

test("reads the environment, warms up by one call, and serves the routes to read", async () => {
  disableWarmUpTimeout();
  await storeSessions(table, [1]);
  await setCounter(table, 1);
  let calls = 0;
  const proxy = await startFaultyProxy(table.endpoint, () => {
    calls++;
    return "passed";
  });
  process.env = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    TABLE_NAME: table.tableName,
    ALLOWED_ORIGINS: "https://portal.example",
  };
  const lines: string[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    const { handler, ready } = await import("../../functions/read-function.ts");
    await ready;
    expect(calls).toBe(1);
    const one = await handler(createRouteEvent("GET", "/api/study-sessions/1"), createContext(6000));
    const page = await handler(createRouteEvent("GET", "/api/study-sessions"), createContext(6000));
    expect(one).toMatchObject({
      statusCode: 200,
      headers: { Vary: "Origin" },
      body: JSON.stringify(sessionWithId(1)),
    });
    expect(page).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ study_sessions: [sessionWithId(1)], next: null }),
    });
    expect(calls).toBe(1 + 1 + 2);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "INFO", status: 200, ...sessionWithId(1) },
      { level: "INFO", status: 200, study_sessions: 1, next: null },
    ]);
    expect(await findServedOperations(handler)).toEqual(operationsOf("read"));
  } finally {
    await proxy.close();
  }
});
